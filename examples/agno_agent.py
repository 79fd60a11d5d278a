"""An Agno agent whose model is sent shorter tool results."""

from agno.agent import Agent
from agno.models.openai import OpenAIChat
from services import MODEL, QUESTION, bash

from headroom_wrap.adapters.agno import HeadroomCompression

agent = Agent(
    model=OpenAIChat(id=MODEL),
    tools=[bash],
    compress_tool_results=True,
    compression_manager=HeadroomCompression(),
    telemetry=False,
)
print(agent.run(QUESTION).content)
