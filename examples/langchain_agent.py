"""A LangChain agent whose model is sent shorter tool results."""

from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from services import MODEL, QUESTION, bash

from headroom_wrap.adapters.langchain import HeadroomMiddleware

agent = create_agent(ChatOpenAI(model=MODEL), [bash], middleware=[HeadroomMiddleware()])
state = agent.invoke({"messages": [{"role": "user", "content": QUESTION}]})
print(state["messages"][-1].content)
