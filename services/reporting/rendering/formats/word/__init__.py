"""The report as a Word document: the form of Decree 30/2020/NĐ-CP around the blocks."""
