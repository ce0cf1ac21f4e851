namespace Decent.Canister.Client;

/// <summary>A part of the state tree with its certificate.</summary>
/// <param name="Certificate">The parsed certificate.</param>
/// <param name="TimeNs">Its time in nanoseconds since 1970.</param>
/// <param name="Evidence">The certificate's bytes and what was checked.</param>
public sealed record StateReading(Certificate Certificate, ulong TimeNs, CertificateEvidence Evidence)
{
    /// <summary>Looks a path up in the tree.</summary>
    public LookupResult Lookup(StatePath path) => Certificate.Tree.Lookup(path);
}
