"""Documents of a LangChain retriever, within a token budget."""

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from headroom_wrap.adapters.langchain_documents import HeadroomDocumentCompressor, HeadroomRetriever

PAGES = [
    Document(
        " ".join(f"The {name} gate number {n} is looked after by the crew." for n in range(40))
        + f" Repairs of the {name} gate are paid by the district of {town}.",
        metadata={"source": name},
    )
    for name, town in (("upper", "Lindau"), ("middle", "Chur"), ("lower", "Bregenz"))
]


class Pages(BaseRetriever):
    def _get_relevant_documents(self, query, *, run_manager):
        return PAGES


question = "Who pays for repairs of the lower gate?"
found = HeadroomRetriever(inner=Pages(), target_tokens=300).invoke(question)
again = HeadroomDocumentCompressor(target_tokens=300).compress_documents(PAGES, question)
assert found == again
print(sum(len(page.page_content) for page in PAGES), sum(len(p.page_content) for p in found))
print([page.metadata["source"] for page in found], "Bregenz" in found[-1].page_content)
