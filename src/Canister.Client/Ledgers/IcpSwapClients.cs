using System.Numerics;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>What an ICPSwap canister answered.</summary>
/// <typeparam name="T">The good answer.</typeparam>
public abstract record IcpSwapAnswer<T>
{
    private IcpSwapAnswer()
    {
    }

    /// <summary>The good answer.</summary>
    /// <param name="Value">What was asked for.</param>
    public sealed record Ok(T Value) : IcpSwapAnswer<T>;

    /// <summary>An error of the interface.</summary>
    /// <param name="Error">CommonError, InsufficientFunds, InternalError or UnsupportedToken.</param>
    /// <param name="Detail">The words that came with it, if any.</param>
    public sealed record Err(string Error, string? Detail) : IcpSwapAnswer<T>;

    /// <summary>A variant this program does not know.</summary>
    /// <param name="Tag">Its name, or the number of its label.</param>
    public sealed record Unrecognised(string Tag) : IcpSwapAnswer<T>;
}

/// <summary>A token as ICPSwap names it.</summary>
/// <param name="Address">Text of the ledger's canister id.</param>
/// <param name="Standard">Name of its standard; the factory looks pools up by address and fee only.</param>
public sealed record IcpSwapToken(string Address, string Standard);

/// <summary>A pool as the factory lists it. Tokens stand in text order of their addresses.</summary>
/// <param name="Canister">The pool's canister.</param>
/// <param name="Fee">Millionths.</param>
/// <param name="Key">Addresses and fee joined by underscores.</param>
/// <param name="TickSpacing">Ticks between usable prices.</param>
/// <param name="Token0">Token 0.</param>
/// <param name="Token1">Token 1.</param>
public sealed record IcpSwapPool(
    Principal Canister, BigInteger Fee, string Key, BigInteger TickSpacing, IcpSwapToken Token0, IcpSwapToken Token1);

/// <summary>The state of a pool. Decimals are not part of it.</summary>
/// <param name="Fee">Millionths.</param>
/// <param name="Key">Addresses and fee joined by underscores.</param>
/// <param name="Liquidity">Active liquidity; zero means that the price is only what the pool's creator typed.</param>
/// <param name="SqrtPriceX96">Square root of units of token 1 per unit of token 0, × 2^96.</param>
/// <param name="Tick">Floor of the base-1.0001 logarithm of that price.</param>
/// <param name="Token0">Token 0.</param>
/// <param name="Token1">Token 1.</param>
public sealed record IcpSwapPoolMetadata(
    BigInteger Fee,
    string Key,
    BigInteger Liquidity,
    BigInteger SqrtPriceX96,
    BigInteger Tick,
    IcpSwapToken Token0,
    IcpSwapToken Token1);

/// <summary>What a pool really holds, smallest units.</summary>
/// <param name="Token0Amount">Token 0.</param>
/// <param name="Token1Amount">Token 1.</param>
public sealed record IcpSwapTokenAmounts(BigInteger Token0Amount, BigInteger Token1Amount);

/// <summary>ICPSwap's factory: which pool serves a pair.</summary>
/// <param name="agent">Asks the canister.</param>
/// <param name="canister">The factory.</param>
public sealed class IcpSwapFactoryClient(IAgent agent, Principal canister)
{
    /// <summary>The pool of a pair and a fee; the order of the tokens does not matter.</summary>
    /// <param name="token0">One token.</param>
    /// <param name="token1">The other.</param>
    /// <param name="fee">Millionths; 3000 is 0.3 %.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public Task<IcpSwapAnswer<IcpSwapPool>> GetPoolAsync(
        IcpSwapToken token0, IcpSwapToken token1, int fee, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token0);
        ArgumentNullException.ThrowIfNull(token1);
        var arg = CandidArg.Of((PoolTypes.GetPoolArg, new CandidValue.Record(
            ("fee", new CandidValue.Nat(fee)), ("token0", Token(token0)), ("token1", Token(token1)))));
        return agent.QueryAsync(
            canister, "getPool", arg, static a => IcpSwapCodec.Read(a, IcpSwapCodec.Pool), cancellationToken);
    }

    /// <summary>Pools that were taken out of service although their canisters still answer.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public Task<IcpSwapAnswer<IReadOnlyList<IcpSwapPool>>> GetRemovedPoolsAsync(CancellationToken cancellationToken) =>
        agent.QueryAsync(
            canister,
            "getRemovedPools",
            CandidArg.Empty,
            static a => IcpSwapCodec.Read<IReadOnlyList<IcpSwapPool>>(
                a, static v => [.. v.AsVec().Select(IcpSwapCodec.Pool)]),
            cancellationToken);

    private static CandidValue.Record Token(IcpSwapToken token) => new(
        ("address", new CandidValue.Text(token.Address)), ("standard", new CandidValue.Text(token.Standard)));
}

/// <summary>One ICPSwap pool.</summary>
/// <param name="agent">Asks the canister.</param>
/// <param name="canister">The pool.</param>
public sealed class IcpSwapPoolClient(IAgent agent, Principal canister)
{
    /// <summary>Price and liquidity.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public Task<IcpSwapAnswer<IcpSwapPoolMetadata>> MetadataAsync(CancellationToken cancellationToken) =>
        agent.QueryAsync(
            canister,
            "metadata",
            CandidArg.Empty,
            static a => IcpSwapCodec.Read(a, IcpSwapCodec.Metadata),
            cancellationToken);

    /// <summary>Real reserves.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public Task<IcpSwapAnswer<IcpSwapTokenAmounts>> TokenAmountStateAsync(CancellationToken cancellationToken) =>
        agent.QueryAsync(
            canister,
            "getTokenAmountState",
            CandidArg.Empty,
            static a => IcpSwapCodec.Read(a, static v =>
                new IcpSwapTokenAmounts(v["token0Amount"].AsNat(), v["token1Amount"].AsNat())),
            cancellationToken);
}

/// <summary>Codec of ICPSwap's answers.</summary>
internal static class IcpSwapCodec
{
    public static IcpSwapAnswer<T> Read<T>(CandidArg answer, Func<CandidValue, T> ok)
    {
        var result = answer.Values[0].AsVariant();
        if (result.Is("ok"))
        {
            return new IcpSwapAnswer<T>.Ok(ok(result.Value));
        }

        if (!result.Is("err"))
        {
            return new IcpSwapAnswer<T>.Unrecognised(result.Label.ToString());
        }

        var error = result.Value.AsVariant();
        var name = Array.Find(
            ["CommonError", "InsufficientFunds", "InternalError", "UnsupportedToken"], error.Is);
        return name is null
            ? new IcpSwapAnswer<T>.Unrecognised(error.Label.ToString())
            : new IcpSwapAnswer<T>.Err(name, (error.Value as CandidValue.Text)?.Value);
    }

    public static IcpSwapPool Pool(CandidValue value) => new(
        value["canisterId"].AsPrincipal(),
        value["fee"].AsNat(),
        value["key"].AsText(),
        value["tickSpacing"].AsInt(),
        Token(value["token0"]),
        Token(value["token1"]));

    public static IcpSwapPoolMetadata Metadata(CandidValue value) => new(
        value["fee"].AsNat(),
        value["key"].AsText(),
        value["liquidity"].AsNat(),
        value["sqrtPriceX96"].AsNat(),
        value["tick"].AsInt(),
        Token(value["token0"]),
        Token(value["token1"]));

    private static IcpSwapToken Token(CandidValue value) => new(value["address"].AsText(), value["standard"].AsText());
}
