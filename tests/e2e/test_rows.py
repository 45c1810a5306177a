def test_rows():
    pass
