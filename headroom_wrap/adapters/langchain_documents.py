"""LangChain's retrieval: documents shortened by the question, within a token budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.documents import BaseDocumentCompressor, Document
from langchain_core.retrievers import BaseRetriever

from headroom import compress_documents


class HeadroomDocumentCompressor(BaseDocumentCompressor):
    """For a `ContextualCompressionRetriever`, or wherever documents are compressed."""

    target_tokens: int | None = None

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Any = None
    ) -> list[Document]:
        found: list[Document] = compress_documents(documents, query, self.target_tokens).documents
        return found


class HeadroomRetriever(BaseRetriever):
    """A retriever whose documents come shortened: `HeadroomRetriever(inner=retriever)`."""

    inner: BaseRetriever
    target_tokens: int | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
        found = self.inner.invoke(query, config={"callbacks": run_manager.get_child()})
        shorter: list[Document] = compress_documents(found, query, self.target_tokens).documents
        return shorter
