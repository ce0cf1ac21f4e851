using System.Globalization;
using System.Text;
using Decent.Candid;
using Decent.Replica.Canisters;
using Decent.Replica.Execution;
using Decent.Replica.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Decent.Replica.Http;

/// <summary>
/// The sandbox's own levers: funding accounts, moving prices, reading blocks in plain JSON, injecting faults. Nothing
/// of this exists on the Internet Computer.
/// </summary>
internal sealed class ControlEndpoints(ReplicaEngine engine, FaultBoard faults)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/control").AddEndpointFilter(static async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (ControlException refused)
            {
                return Results.Problem(refused.Message, statusCode: StatusCodes.Status400BadRequest);
            }
        });
        control.MapPost("/mint", MintAsync);
        control.MapPost("/swap", SwapAsync);
        control.MapPost("/token-value", (TokenValueRequest body) =>
            ActAsync(WellKnownCanisters.Platform, "token_value", ControlJson.Write(body)));
        control.MapGet("/blocks/{ledger}", Blocks);
        control.MapGet("/balance/{ledger}/{account}", Balance);
        control.MapGet("/executed", () => Results.Ok(
            new ExecutedView(engine.Executed, engine.ExecutedByMethod)));
        control.MapGet("/digest", () => Results.Ok(new DigestView(engine.StateDigest())));
        control.MapGet("/canisters", () => Results.Ok(engine.Canisters.Select(static c => c.Id.ToText())));
        control.MapGet("/faults", () => Results.Ok(faults.Waiting));
        control.MapPost("/faults", (FaultRule rule) =>
        {
            if (rule.Times < 1 || rule.DelayMs < 0)
            {
                throw new ControlException("A fault happens at least once and never waits a negative time.");
            }

            faults.Add(rule);
            return Results.Ok(faults.Waiting);
        });
        control.MapDelete("/faults", () =>
        {
            faults.Clear();
            return Results.NoContent();
        });
    }

    private Task<IResult> MintAsync(ControlMint body) => ActAsync(
        FindLedger(body.Ledger).Id,
        "mint",
        ControlJson.Write(new MintRequest(body.Account, body.Units, body.MemoHex)));

    private async Task<IResult> SwapAsync(ControlSwap body)
    {
        if (string.Equals(body.Venue, "taco", StringComparison.Ordinal))
        {
            return await ActAsync(WellKnownCanisters.Taco, "swap", ControlJson.Write(
                new TacoSwapRequest(body.TokenIn, body.TokenOut, body.AmountIn)));
        }

        if (!string.Equals(body.Venue, "icpswap", StringComparison.Ordinal))
        {
            throw new ControlException($"There is no venue '{body.Venue}', only icpswap and taco.");
        }

        var key = string.CompareOrdinal(body.TokenIn, body.TokenOut) < 0
            ? $"{body.TokenIn}_{body.TokenOut}_3000"
            : $"{body.TokenOut}_{body.TokenIn}_3000";
        var pool = engine.Canisters.OfType<IcpSwapPoolCanister>()
            .FirstOrDefault(p => string.Equals(p.Key, key, StringComparison.Ordinal))
            ?? throw new ControlException($"There is no pool {key}.");
        return await ActAsync(pool.Id, "swap", ControlJson.Write(new SwapRequest(body.TokenIn, body.AmountIn)));
    }

    private IResult Blocks(string ledger)
    {
        var canister = FindLedger(ledger);
        return Results.Ok(engine.Read(() => canister.Ledger.Blocks.Select(BlockView.Of).ToArray()));
    }

    private IResult Balance(string ledger, string account)
    {
        var canister = FindLedger(ledger);
        var owner = ControlJson.Account(account);
        return Results.Ok(new BalanceView(engine.Read(() => canister.Ledger.BalanceOf(owner))
            .ToString(CultureInfo.InvariantCulture)));
    }

    private async Task<IResult> ActAsync(Principal canister, string method, byte[] arg) =>
        Results.Text(Encoding.UTF8.GetString(await engine.ControlAsync(canister, method, arg)), "application/json");

    /// <summary>A ledger by canister id or by symbol; the platform's token answers to DC and DCT.</summary>
    private LedgerCanister FindLedger(string? name)
    {
        var wanted = string.Equals(name, "DCT", StringComparison.OrdinalIgnoreCase) ? "DC" : name;
        return engine.Canisters.OfType<LedgerCanister>().FirstOrDefault(c =>
                string.Equals(c.Id.ToText(), wanted, StringComparison.Ordinal)
                || string.Equals(c.Ledger.Settings.Symbol, wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw new ControlException($"There is no ledger '{name}'.");
    }
}

/// <summary>Funds an account.</summary>
/// <param name="Ledger">Canister id or symbol.</param>
/// <param name="Account">ICRC-1 account text.</param>
/// <param name="Units">Smallest units, decimal text.</param>
/// <param name="MemoHex">Optional memo.</param>
internal sealed record ControlMint(string? Ledger, string? Account, string? Units, string? MemoHex = null);

/// <summary>Trades against a pool.</summary>
/// <param name="Venue">icpswap or taco.</param>
/// <param name="TokenIn">Text of the ledger id of the token that goes in.</param>
/// <param name="TokenOut">Text of the ledger id of the token that comes out.</param>
/// <param name="AmountIn">Smallest units, decimal text.</param>
internal sealed record ControlSwap(string? Venue, string? TokenIn, string? TokenOut, string? AmountIn);

/// <summary>How many updates were executed.</summary>
/// <param name="Total">All.</param>
/// <param name="ByMethod">By "canister.method".</param>
internal sealed record ExecutedView(long Total, IReadOnlyDictionary<string, long> ByMethod);

/// <summary>A hash of the whole state.</summary>
/// <param name="Digest">64 hex digits.</param>
internal sealed record DigestView(string Digest);

/// <summary>A balance.</summary>
/// <param name="Units">Smallest units, decimal text.</param>
internal sealed record BalanceView(string Units);
