"""Arrays and tables in, plotly figures out; nothing here knows Streamlit or the file system."""
