"""A LangGraph loop with a node that shortens tool results before the model sees them."""

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from services import MODEL, QUESTION, bash

from headroom_wrap.adapters.langgraph import headroom_node

run = tool(bash)
model = ChatOpenAI(model=MODEL).bind_tools([run])
graph = StateGraph(MessagesState)
graph.add_node("model", lambda state: {"messages": [model.invoke(state["messages"])]})
graph.add_node("tools", ToolNode([run]))
graph.add_node("headroom", headroom_node)
graph.add_edge(START, "model")
graph.add_conditional_edges("model", tools_condition, {"tools": "tools", END: END})
graph.add_edge("tools", "headroom")
graph.add_edge("headroom", "model")
state = graph.compile().invoke({"messages": [{"role": "user", "content": QUESTION}]})
print(state["messages"][-1].content)
