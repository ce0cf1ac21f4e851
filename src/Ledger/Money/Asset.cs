using Decent.Candid;

namespace Decent.Ledger;

/// <summary>Whether an asset is a currency kept by law or a token kept by a canister.</summary>
public enum AssetKind
{
    /// <summary>A currency, kept at scale 9 (nano-units) so that a second of rent has a value.</summary>
    Fiat,

    /// <summary>A token; its scale is the number of decimals its ledger reports.</summary>
    Token,
}

/// <summary>What an amount counts. Two assets are the same only if every property is.</summary>
/// <param name="Code">Short unique code within an installation, such as <c>USD</c> or <c>ckUSDT</c>.</param>
/// <param name="Scale">Number of decimal places of the smallest unit, 0 to 18.</param>
/// <param name="Kind">Currency or token.</param>
/// <param name="LedgerCanister">The ledger canister of a token; null for a currency.</param>
public sealed record Asset(string Code, int Scale, AssetKind Kind, Principal? LedgerCanister)
{
    /// <summary>Scale at which every currency is kept.</summary>
    public const int FiatScale = 9;

    /// <summary>A currency at scale 9.</summary>
    /// <param name="code">Three capital letters (ISO 4217).</param>
    /// <exception cref="ArgumentException">The code is not three capital letters.</exception>
    public static Asset Fiat(string code) =>
        code is { Length: 3 } && code.All(char.IsAsciiLetterUpper)
            ? new Asset(code, FiatScale, AssetKind.Fiat, null)
            : throw new ArgumentException("A currency code is three capital letters.", nameof(code));

    /// <summary>A token of a ledger canister.</summary>
    /// <param name="code">Code of the asset in this installation.</param>
    /// <param name="decimals">Decimals of the ledger, 0 to 18.</param>
    /// <param name="ledgerCanister">The ledger canister's id.</param>
    public static Asset Token(string code, int decimals, Principal ledgerCanister)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, 18);
        return new Asset(code, decimals, AssetKind.Token, ledgerCanister);
    }

    /// <inheritdoc />
    public override string ToString() => Code;
}
