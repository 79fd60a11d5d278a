"""The Google Gen AI SDK with shorter tool results, which it calls by itself."""

import os

from google import genai
from google.genai import types
from services import QUESTION, bash

from headroom import wrap_client

options = types.HttpOptions(base_url=os.environ.get("GOOGLE_GEMINI_BASE_URL"))
client = wrap_client(genai.Client(api_key=os.environ["GEMINI_API_KEY"], http_options=options))
config = types.GenerateContentConfig(tools=[bash])
print(client.models.generate_content(model="gemini-3-pro", contents=QUESTION, config=config).text)
