using Decent.Sandbox.Emulators;

namespace Decent.Sandbox.Supervision;

/// <summary>A token of the sandbox.</summary>
/// <param name="Code">Asset code.</param>
/// <param name="Symbol">Symbol on its ledger.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Canister">Ledger canister.</param>
/// <param name="Decimals">Decimals.</param>
/// <param name="FeeUnits">Transfer fee in units.</param>
/// <param name="Profile">Ledger profile.</param>
/// <param name="ICPayPriceUsd">ICPay's rate, decimal text; null when ICPay does not take it.</param>
internal sealed record SandboxToken(
    string Code, string Symbol, string Name, string Canister, int Decimals, long FeeUnits, string Profile,
    string? ICPayPriceUsd);

/// <summary>What exists on the sandbox's Internet Computer. The canister ids are those of the main network.</summary>
internal static class SandboxAssets
{
    /// <summary>The currency of contracts.</summary>
    public const string Fiat = "USD";

    /// <summary>The platform's token, a provider's choice to be paid in.</summary>
    public static SandboxToken Dct { get; } =
        new("DCT", "DC", "Decent Cloud Token", "ggi4a-wyaaa-aaaai-actqq-cai", 9, 1_000_000, "platform", null);

    /// <summary>ICP.</summary>
    public static SandboxToken Icp { get; } =
        new("ICP", "ICP", "Internet Computer", "ryjl3-tyaaa-aaaaa-aaaba-cai", 8, 10_000, "icp", "4.82");

    /// <summary>Chain-key USDT.</summary>
    public static SandboxToken CkUsdt { get; } =
        new("ckUSDT", "ckUSDT", "ckUSDT", "cngnf-vqaaa-aaaar-qag4q-cai", 6, 10_000, "icrc", "1.00");

    /// <summary>All tokens.</summary>
    public static IReadOnlyList<SandboxToken> Tokens { get; } = [Dct, Icp, CkUsdt];

    /// <summary>The tokens ICPay takes, as it lists them.</summary>
    public static IReadOnlyList<ICPayLedger> ICPayLedgers { get; } =
    [
        .. Tokens.Where(t => t.ICPayPriceUsd is not null).Select(t => new ICPayLedger(
            t.Code, t.Name, "ic_" + t.Code.ToLowerInvariant(), t.Canister, t.Decimals, t.FeeUnits, t.Profile,
            t.ICPayPriceUsd!)),
    ];
}
