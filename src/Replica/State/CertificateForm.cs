namespace Decent.Replica.State;

/// <summary>Which canister ranges the delegation of a certificate shows.</summary>
internal enum RangesShown
{
    /// <summary><c>/canister_ranges/&lt;subnet&gt;/*</c>, for the newer endpoints.</summary>
    Sharded,

    /// <summary><c>/subnet/&lt;subnet&gt;/canister_ranges</c>, for the older endpoints.</summary>
    Legacy,

    /// <summary>A fault: ranges in which none of our canisters lies.</summary>
    Foreign,
}

/// <summary>How a certificate is made; the defaults are those of an honest node.</summary>
/// <param name="Ranges">What the delegation shows.</param>
/// <param name="AgeNs">A fault: how much older than now it says it is, nanoseconds.</param>
/// <param name="WrongSignature">A fault: the signature does not belong to the tree.</param>
internal sealed record CertificateForm(RangesShown Ranges, ulong AgeNs = 0, bool WrongSignature = false);
