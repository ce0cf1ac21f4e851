namespace Decent.Candid;

/// <summary>A type that this version does not know. Its values can be skipped, nothing else.</summary>
internal sealed class CandidFutureType : CandidType
{
    private CandidFutureType()
    {
    }

    /// <inheritdoc />
    public override CandidKind Kind => CandidKind.Future;

    internal static CandidFutureType Instance { get; } = new();
}
