"""The rooms and skies behind her, drawn in her style; the middle stays quiet for her."""
