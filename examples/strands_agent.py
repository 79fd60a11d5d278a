"""A Strands agent whose model is sent shorter tool results."""

import os

from services import MODEL, QUESTION, bash
from strands import Agent, tool
from strands.models.openai import OpenAIModel

from headroom_wrap.adapters.strands import HeadroomHooks

client = {"base_url": os.environ.get("OPENAI_BASE_URL"), "api_key": os.environ["OPENAI_API_KEY"]}
agent = Agent(
    model=OpenAIModel(client_args=client, model_id=MODEL),
    tools=[tool(bash)],
    hooks=[HeadroomHooks()],
    callback_handler=None,
)
print(agent(QUESTION))
