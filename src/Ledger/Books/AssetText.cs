using Decent.Candid;

namespace Decent.Ledger.Books;

/// <summary>An asset as the database keeps it.</summary>
internal static class AssetText
{
    public static string Of(AssetKind kind) => kind switch
    {
        AssetKind.Fiat => "fiat",
        AssetKind.Token => "token",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of asset."),
    };

    public static Asset Parse(string code, int scale, string kind, string? ledger) => kind switch
    {
        "fiat" => new Asset(code, scale, AssetKind.Fiat, null),
        "token" => new Asset(code, scale, AssetKind.Token, Principal.FromText(ledger!)),
        _ => throw new InvalidOperationException($"The books hold an asset of unknown kind '{kind}'."),
    };
}
