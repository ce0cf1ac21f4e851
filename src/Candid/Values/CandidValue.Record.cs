namespace Decent.Candid;

public abstract partial record CandidValue
{
    /// <summary>
    /// Labelled product. Fields are in ascending order of id; records of one type share their labels.
    /// </summary>
    public sealed record Record : CandidValue
    {
        private static readonly CandidLabel[][] TupleLabels =
            [.. Enumerable.Range(0, 8).Select(NumberedLabels)];

        private readonly CandidLabel[] _labels;
        private readonly CandidValue[] _values;

        /// <summary>Makes a record; a field is a pair of label and value, a name is a label.</summary>
        /// <exception cref="ArgumentException">Two fields with one id.</exception>
        public Record(params (CandidLabel Label, CandidValue Value)[] fields)
        {
            var sorted = fields.OrderBy(f => f.Label.Id).ToArray();
            for (var i = 1; i < sorted.Length; i++)
            {
                if (sorted[i].Label == sorted[i - 1].Label)
                {
                    throw new ArgumentException(
                        $"fields {sorted[i - 1].Label} and {sorted[i].Label} have the same id", nameof(fields));
                }
            }

            _labels = Array.ConvertAll(sorted, f => f.Label);
            _values = Array.ConvertAll(sorted, f => f.Value);
        }

        /// <summary>Takes both arrays as they are: labels ascending, lengths equal.</summary>
        internal Record(CandidLabel[] labels, CandidValue[] values)
        {
            _labels = labels;
            _values = values;
        }

        /// <summary>Labels by ascending id.</summary>
        public IReadOnlyList<CandidLabel> Labels => _labels;

        /// <summary>Values in the order of <see cref="Labels" />.</summary>
        public IReadOnlyList<CandidValue> Values => _values;

        /// <summary>The field with this id, or null.</summary>
        public CandidValue? Find(uint id)
        {
            int low = 0, high = _labels.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) / 2;
                var found = _labels[middle].Id;
                if (found == id)
                {
                    return _values[middle];
                }

                (low, high) = found < id ? (middle + 1, high) : (low, middle - 1);
            }

            return null;
        }

        /// <summary>The field with this name, or null.</summary>
        public CandidValue? Find(string name) => Find(CandidLabel.Hash(name));

        /// <inheritdoc />
        public bool Equals(Record? other) => other is not null
            && (ReferenceEquals(_labels, other._labels) || _labels.AsSpan().SequenceEqual(other._labels))
            && _values.SequenceEqual(other._values);

        /// <inheritdoc />
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            for (var i = 0; i < _labels.Length; i++)
            {
                hash.Add(_labels[i].Id);
                hash.Add(_values[i]);
            }

            return hash.ToHashCode();
        }

        internal static Record OfTuple(CandidValue[] items) => new(
            items.Length < TupleLabels.Length
                ? TupleLabels[items.Length]
                : NumberedLabels(items.Length),
            items);

        private static CandidLabel[] NumberedLabels(int count) =>
            [.. Enumerable.Range(0, count).Select(i => new CandidLabel((uint)i))];
    }
}
