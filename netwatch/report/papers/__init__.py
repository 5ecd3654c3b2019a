"""The papers: one content, written as PDF, XLSX, DOCX or JSON."""
