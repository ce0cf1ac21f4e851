namespace Decent.Replica.Canisters;

/// <summary>Funds an account out of nothing.</summary>
/// <param name="Account">ICRC-1 account text.</param>
/// <param name="Units">Smallest units, decimal text.</param>
/// <param name="MemoHex">An optional memo.</param>
internal sealed record MintRequest(string? Account, string? Units, string? MemoHex = null);

/// <summary>Trades against a pool so that its price moves.</summary>
/// <param name="TokenIn">Text of the ledger id of the token that goes in.</param>
/// <param name="AmountIn">Smallest units, decimal text.</param>
internal sealed record SwapRequest(string? TokenIn, string? AmountIn);

/// <summary>What a trade gave.</summary>
/// <param name="AmountOut">Smallest units, decimal text.</param>
internal sealed record SwapResult(string AmountOut);

/// <summary>The block an action made.</summary>
/// <param name="Block">Index.</param>
internal sealed record BlockResult(ulong Block);
