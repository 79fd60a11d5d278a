"""Side endpoints the agents insist on: logins, model lists, account checks; 404 for the rest."""

from __future__ import annotations

from typing import Any

from tests.fake.exchange import Answer, Request, as_json

COPILOT = "api.individual.githubcopilot.com"


def answer(request: Request) -> Answer:
    """What a logged-in account would get."""
    for ending, body in _BODIES.items():
        if f"{request.host}{request.route}".endswith(ending):
            return as_json(body)
    return as_json({"message": "Not Found"}, 404)


def _copilot_model(name: str, vendor: str, endpoint: str) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "vendor": vendor,
        "version": name,
        "object": "model",
        "preview": False,
        "model_picker_enabled": True,
        "model_picker_category": "powerful",
        "supported_endpoints": [endpoint],
        "policy": {"state": "enabled", "terms": ""},
        "billing": {"is_premium": True, "multiplier": 1},
        "capabilities": {
            "family": name,
            "object": "model_capabilities",
            "tokenizer": "o200k_base",
            "type": "chat",
            "limits": {
                "max_context_window_tokens": 200000,
                "max_output_tokens": 32000,
                "max_prompt_tokens": 168000,
            },
            "supports": {"streaming": True, "tool_calls": True, "parallel_tool_calls": True},
        },
    }


_BODIES: dict[str, Any] = {
    "/copilot_internal/user": {
        "login": "someone",
        "access_type_sku": "individual",
        "copilot_plan": "individual",
        "chat_enabled": True,
        "cli_enabled": True,
        "is_mcp_enabled": True,
        "organization_list": [],
        "organization_login_list": [],
        "endpoints": {
            "api": f"https://{COPILOT}",
            "proxy": "https://proxy.individual.githubcopilot.com",
            "telemetry": "https://telemetry.individual.githubcopilot.com",
        },
    },
    "api.github.com/user": {"login": "someone", "id": 1},
    COPILOT + "/models": {
        "object": "list",
        "data": [
            _copilot_model("claude-sonnet-5.5", "Anthropic", "/v1/messages"),
            _copilot_model("gpt-5.5", "Azure OpenAI", "/responses"),
        ],
    },
    "/wham/accounts/check": {
        "accounts": [
            {
                "id": "acct-1",
                "account_id": "acct-1",
                "structure": "personal",
                "plan_type": "plus",
                "is_default": True,
            }
        ],
        "account_ordering": ["acct-1"],
        "default_account_id": "acct-1",
    },
}
# Where `--upstream` sends its requests, the host they were meant for is no longer in them.
_BODIES["127.0.0.1/models"] = _BODIES[COPILOT + "/models"]
