namespace Decent.Candid;

/// <summary><c>record { … }</c>.</summary>
public sealed class CandidRecordType(IEnumerable<CandidField> fields) : CandidFieldsType(fields)
{
    /// <inheritdoc />
    public override CandidKind Kind => CandidKind.Record;

    /// <summary>True when the labels are the numbers 0 to n − 1 (n may be 0).</summary>
    public bool IsTuple =>
        FieldArray.Length == 0 || FieldArray[FieldArray.Length - 1].Label.Id == FieldArray.Length - 1;
}
