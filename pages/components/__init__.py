"""The Streamlit code that pages share, one piece a file."""
