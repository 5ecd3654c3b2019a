"""The account: from what the journal holds to exact sums, without reading or writing anything."""
