namespace Decent.Ledger;

/// <summary>The assets of one installation, by code. Built once from configuration; unknown codes are never guessed.</summary>
public sealed class AssetRegistry
{
    private readonly Dictionary<string, Asset> _assets;

    /// <summary>Builds a registry.</summary>
    /// <param name="assets">Every asset of the installation; codes must differ.</param>
    public AssetRegistry(IEnumerable<Asset> assets) => _assets = assets.ToDictionary(a => a.Code, StringComparer.Ordinal);

    /// <summary>All assets, ordered by code.</summary>
    public IEnumerable<Asset> All => _assets.Values.OrderBy(a => a.Code, StringComparer.Ordinal);

    /// <summary>The asset with this code.</summary>
    /// <exception cref="KeyNotFoundException">The installation has no such asset.</exception>
    public Asset Get(string code) =>
        _assets.TryGetValue(code, out var asset) ? asset : throw new KeyNotFoundException($"Unknown asset '{code}'.");

    /// <summary>The asset with this code, or null.</summary>
    public Asset? Find(string? code) => code is not null && _assets.TryGetValue(code, out var asset) ? asset : null;
}
