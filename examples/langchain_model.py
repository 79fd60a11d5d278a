"""A LangChain chat model that is sent shorter tool results: whole, streamed and asynchronous."""

import asyncio

from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from services import MODEL, QUESTION, bash

from headroom_wrap.adapters.langchain import HeadroomChatModel

run = tool(bash)
model = HeadroomChatModel(inner=ChatOpenAI(model=MODEL)).bind_tools([run])
messages = [HumanMessage(QUESTION)]
messages.append(model.invoke(messages))
messages += [run.invoke(call) for call in messages[-1].tool_calls]
print(asyncio.run(model.ainvoke(messages)).content)
print("".join(str(chunk.content) for chunk in model.stream(messages)))
