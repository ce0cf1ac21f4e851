namespace Decent.Canister.Client;

/// <summary>What is wrong with a certificate.</summary>
public enum CertificateProblem
{
    /// <summary>Not the CBOR of a certificate.</summary>
    Malformed,

    /// <summary>Labels of the tree are out of order or leaves stand beside labels.</summary>
    NotWellFormed,

    /// <summary>The tree shows no time.</summary>
    TimeMissing,

    /// <summary>The certificate's time is too far in the past.</summary>
    TooOld,

    /// <summary>The certificate's time is too far in the future.</summary>
    InTheFuture,

    /// <summary>The delegation's certificate has itself a delegation.</summary>
    NestedDelegation,

    /// <summary>The delegation does not show the subnet's key, or not as a key.</summary>
    SubnetKey,

    /// <summary>The delegation shows no canister ranges (or empty ones), so it holds for nothing.</summary>
    RangesMissing,

    /// <summary>The canister is in none of the subnet's ranges.</summary>
    OutOfRange,

    /// <summary>The delegation is for another subnet.</summary>
    WrongSubnet,

    /// <summary>The signature over the tree is not that of the subnet.</summary>
    Signature,

    /// <summary>The root did not sign the delegation.</summary>
    DelegationSignature,

    /// <summary>The delegation's own time is too far away.</summary>
    DelegationAge,

    /// <summary>The certificate shows no keys of the subnet's nodes.</summary>
    NodesMissing,
}

/// <summary>A certificate is not acceptable.</summary>
public sealed class CertificateException(CertificateProblem problem, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What is wrong, for code to branch on.</summary>
    public CertificateProblem Problem { get; } = problem;
}
