using System.Numerics;
using Decent.Candid;
using Factory = Decent.Canister.Client.IcpswapFactory;
using Pools = Decent.Canister.Client.IcpswapPool;

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
    private readonly Factory.IcpswapFactoryCanister factory = new(agent, canister);

    /// <summary>The pool of a pair and a fee; the order of the tokens does not matter.</summary>
    /// <param name="token0">One token.</param>
    /// <param name="token1">The other.</param>
    /// <param name="fee">Millionths; 3000 is 0.3 %.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public async Task<IcpSwapAnswer<IcpSwapPool>> GetPoolAsync(
        IcpSwapToken token0, IcpSwapToken token1, int fee, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token0);
        ArgumentNullException.ThrowIfNull(token1);
        var answer = await factory.GetPoolAsync(
            new Factory.GetPoolArgument(
                fee,
                new Factory.Token(token0.Address, token0.Standard),
                new Factory.Token(token1.Address, token1.Standard)),
            cancellationToken);
        return answer.Match<IcpSwapAnswer<IcpSwapPool>>(
            static ok => new IcpSwapAnswer<IcpSwapPool>.Ok(Pool(ok.Value)),
            static err => Error<IcpSwapPool>(err.Value),
            static unknown => IcpSwapErrors.Unrecognised<IcpSwapPool>(unknown.Tag));
    }

    /// <summary>Pools that were taken out of service although their canisters still answer.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public async Task<IcpSwapAnswer<IReadOnlyList<IcpSwapPool>>> GetRemovedPoolsAsync(
        CancellationToken cancellationToken) =>
        (await factory.GetRemovedPoolsAsync(cancellationToken)).Match<IcpSwapAnswer<IReadOnlyList<IcpSwapPool>>>(
            static ok => new IcpSwapAnswer<IReadOnlyList<IcpSwapPool>>.Ok([.. ok.Value.Select(Pool)]),
            static err => Error<IReadOnlyList<IcpSwapPool>>(err.Value),
            static unknown => IcpSwapErrors.Unrecognised<IReadOnlyList<IcpSwapPool>>(unknown.Tag));

    private static IcpSwapPool Pool(Factory.PoolData pool) => new(
        pool.CanisterId, pool.Fee, pool.Key, pool.TickSpacing, Token(pool.Token0), Token(pool.Token1));

    private static IcpSwapToken Token(Factory.Token token) => new(token.Address, token.Standard);

    private static IcpSwapAnswer<T> Error<T>(Factory.Error error) => error switch
    {
        Factory.Error.CommonError => IcpSwapErrors.Common<T>(),
        Factory.Error.InsufficientFunds => IcpSwapErrors.Funds<T>(),
        Factory.Error.InternalError e => IcpSwapErrors.Internal<T>(e.Value),
        Factory.Error.UnsupportedToken e => IcpSwapErrors.Token<T>(e.Value),
        Factory.Error.Unknown e => IcpSwapErrors.Unrecognised<T>(e.Tag),
        _ => throw new InvalidOperationException("an error of unknown kind"),
    };
}

/// <summary>One ICPSwap pool.</summary>
/// <param name="agent">Asks the canister.</param>
/// <param name="canister">The pool.</param>
public sealed class IcpSwapPoolClient(IAgent agent, Principal canister)
{
    private readonly Pools.IcpswapPoolCanister pool = new(agent, canister);

    /// <summary>Price and liquidity.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public async Task<IcpSwapAnswer<IcpSwapPoolMetadata>> MetadataAsync(CancellationToken cancellationToken) =>
        (await pool.MetadataAsync(cancellationToken)).Match<IcpSwapAnswer<IcpSwapPoolMetadata>>(
            static ok => new IcpSwapAnswer<IcpSwapPoolMetadata>.Ok(new IcpSwapPoolMetadata(
                ok.Value.Fee,
                ok.Value.Key,
                ok.Value.Liquidity,
                ok.Value.SqrtPriceX96,
                ok.Value.Tick,
                Token(ok.Value.Token0),
                Token(ok.Value.Token1))),
            static err => Error<IcpSwapPoolMetadata>(err.Value),
            static unknown => IcpSwapErrors.Unrecognised<IcpSwapPoolMetadata>(unknown.Tag));

    /// <summary>Real reserves.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public async Task<IcpSwapAnswer<IcpSwapTokenAmounts>> TokenAmountStateAsync(CancellationToken cancellationToken) =>
        (await pool.GetTokenAmountStateAsync(cancellationToken)).Match<IcpSwapAnswer<IcpSwapTokenAmounts>>(
            static ok => new IcpSwapAnswer<IcpSwapTokenAmounts>.Ok(
                new IcpSwapTokenAmounts(ok.Value.Token0Amount, ok.Value.Token1Amount)),
            static err => Error<IcpSwapTokenAmounts>(err.Value),
            static unknown => IcpSwapErrors.Unrecognised<IcpSwapTokenAmounts>(unknown.Tag));

    private static IcpSwapToken Token(Pools.Token token) => new(token.Address, token.Standard);

    private static IcpSwapAnswer<T> Error<T>(Pools.Error error) => error switch
    {
        Pools.Error.CommonError => IcpSwapErrors.Common<T>(),
        Pools.Error.InsufficientFunds => IcpSwapErrors.Funds<T>(),
        Pools.Error.InternalError e => IcpSwapErrors.Internal<T>(e.Value),
        Pools.Error.UnsupportedToken e => IcpSwapErrors.Token<T>(e.Value),
        Pools.Error.Unknown e => IcpSwapErrors.Unrecognised<T>(e.Tag),
        _ => throw new InvalidOperationException("an error of unknown kind"),
    };
}

/// <summary>The errors that both of ICPSwap's interfaces know, by their names there.</summary>
internal static class IcpSwapErrors
{
    public static IcpSwapAnswer<T> Common<T>() => new IcpSwapAnswer<T>.Err("CommonError", null);

    public static IcpSwapAnswer<T> Funds<T>() => new IcpSwapAnswer<T>.Err("InsufficientFunds", null);

    public static IcpSwapAnswer<T> Internal<T>(string detail) => new IcpSwapAnswer<T>.Err("InternalError", detail);

    public static IcpSwapAnswer<T> Token<T>(string detail) => new IcpSwapAnswer<T>.Err("UnsupportedToken", detail);

    public static IcpSwapAnswer<T> Unrecognised<T>(uint tag) => new IcpSwapAnswer<T>.Unrecognised(
        tag.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
