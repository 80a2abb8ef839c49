"""The API door: OpenAI's addresses and shapes, for programs with an API key of BlueGPT."""
