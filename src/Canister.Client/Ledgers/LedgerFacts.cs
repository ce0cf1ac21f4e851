namespace Decent.Canister.Client;

/// <summary>What a ledger says about its own token.</summary>
/// <param name="Symbol">The ticker symbol.</param>
/// <param name="Decimals">Digits after the point of a whole token.</param>
/// <param name="Fee">Transfer fee in smallest units.</param>
public sealed record LedgerFacts(string Symbol, byte Decimals, UInt128 Fee);
