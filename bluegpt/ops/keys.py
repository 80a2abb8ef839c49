"""Providers that want a key, and the settings that hold it."""

NAMES = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "google": "Google",
    "mistral": "Mistral",
    "vertex": "Vertex AI",
    "xai": "xAI",
}
SETTINGS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GEMINI_API_KEY",
    "mistral": "MISTRAL_API_KEY",
    "vertex": "GOOGLE_APPLICATION_CREDENTIALS",
    "xai": "XAI_API_KEY",
}
