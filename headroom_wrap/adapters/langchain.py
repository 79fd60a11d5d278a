"""LangChain: an agent middleware and a chat model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from headroom_wrap.adapters.langchain_messages import ashortened, shortened


class HeadroomMiddleware(AgentMiddleware):
    """For `create_agent(…, middleware=[HeadroomMiddleware()])`; the agent's state stays whole."""

    def wrap_model_call(self, request: Any, handler: Callable[[Any], Any]) -> Any:
        return handler(request.override(messages=shortened(request.messages)))

    async def awrap_model_call(self, request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        return await handler(request.override(messages=await ashortened(request.messages)))


class HeadroomChatModel(BaseChatModel):
    """A chat model that is sent shorter tool results: `HeadroomChatModel(inner=model)`."""

    inner: BaseChatModel

    @property
    def _llm_type(self) -> str:
        return "headroom"

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Any:
        return self.bind(**self.inner.bind_tools(tools, **options).kwargs)

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kw: Any) -> Any:
        answer = self.inner.invoke(shortened(messages), stop=stop, **kw)
        return ChatResult(generations=[ChatGeneration(message=answer)])

    async def _agenerate(
        self, messages: Any, stop: Any = None, run_manager: Any = None, **kw: Any
    ) -> Any:
        answer = await self.inner.ainvoke(await ashortened(messages), stop=stop, **kw)
        return ChatResult(generations=[ChatGeneration(message=answer)])

    def _stream(
        self, messages: Any, stop: Any = None, run_manager: Any = None, **kw: Any
    ) -> Iterator[Any]:
        for chunk in self.inner.stream(shortened(messages), stop=stop, **kw):
            yield ChatGenerationChunk(message=chunk)
