namespace Decent.Candid;

/// <summary>What record and variant types share: fields in ascending order of id.</summary>
public abstract class CandidFieldsType : CandidType
{
    private protected CandidFieldsType(IEnumerable<CandidField> fields)
    {
        FieldArray = fields.OrderBy(f => f.Label.Id).ToArray();
        for (var i = 1; i < FieldArray.Length; i++)
        {
            var (one, other) = (FieldArray[i - 1].Label, FieldArray[i].Label);
            if (one.Id == other.Id)
            {
                throw new ArgumentException($"labels {one} and {other} have the same id {one.Id}", nameof(fields));
            }
        }

        LabelArray = Array.ConvertAll(FieldArray, f => f.Label);
    }

    /// <summary>Fields or cases, by ascending id.</summary>
    public IReadOnlyList<CandidField> Fields => FieldArray;

    internal CandidField[] FieldArray { get; }

    /// <summary>Shared by all values of the type.</summary>
    internal CandidLabel[] LabelArray { get; }

    /// <summary>The position of a label in <see cref="Fields" />, or −1.</summary>
    public int IndexOf(uint id)
    {
        int low = 0, high = FieldArray.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = FieldArray[middle].Label.Id;
            if (found == id)
            {
                return middle;
            }

            (low, high) = found < id ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}
