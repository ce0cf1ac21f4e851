using System.Globalization;
using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;

namespace Decent.PriceOracle.Sources.IcpSwap;

/// <summary>
/// A pool of ICPSwap. The factory names the pool once; it is pinned, and when the factory later names another one or
/// lists it as removed, the source is shut until an operator looks.
/// </summary>
internal sealed class IcpSwapPoolSource(
    IcpSwapSettings settings, TimeSpan registryEvery, Asset baseAsset, Asset quoteAsset, IAgent agent, IPoolPins pins,
    TimeProvider time)
    : IPriceSource
{
    // The factory looks pools up by ledger id and fee alone; the standard only has to be a name it knows.
    private const string Standard = "ICRC2";

    private readonly IcpSwapFactoryClient _factory = new(agent, settings.Factory);
    private readonly string _baseLedger = baseAsset.LedgerCanister!.ToText();
    private readonly string _quoteLedger = quoteAsset.LedgerCanister!.ToText();

    /// <inheritdoc />
    public string Id { get; } = $"{Venues.IcpSwap}:{baseAsset.Code}/{quoteAsset.Code}";

    /// <inheritdoc />
    public string Venue => Venues.IcpSwap;

    /// <inheritdoc />
    public Asset Base => baseAsset;

    /// <inheritdoc />
    public Asset Quote => quoteAsset;

    /// <inheritdoc />
    public DateTimeOffset? SunsetAt => null;

    /// <inheritdoc />
    public async Task<Observation> SampleAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (pin, fault) = await ResolveAsync(cancellationToken);
            return pin is null ? fault!.ToObservation(Id, time.GetUtcNow()) : await ReadAsync(pin, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return PoolVerdict.Refuse(VenueFaults.CodeOf(e), e.Message).ToObservation(Id, time.GetUtcNow());
        }
    }

    private async Task<(PoolPin? Pin, PoolVerdict? Fault)> ResolveAsync(CancellationToken cancellationToken)
    {
        var pin = await pins.FindAsync(Id, cancellationToken);
        var now = time.GetUtcNow();
        if (pin is not null && now - pin.CheckedAt < registryEvery)
        {
            return (pin, null);
        }

        var listed = await _factory.GetPoolAsync(
            new IcpSwapToken(_baseLedger, Standard), new IcpSwapToken(_quoteLedger, Standard), (int)settings.PoolFee,
            cancellationToken);
        if (listed is not IcpSwapAnswer<IcpSwapPool>.Ok { Value: var pool })
        {
            return (null, Refusal(listed, wasPinned: pin is not null));
        }

        if (Mismatch(pool) is { } mismatch)
        {
            return (null, mismatch);
        }

        var poolId = pool.Canister.ToText();
        if (pin is null)
        {
            return (await pins.PinAsync(
                Id, new PoolPin(poolId, pool.Token0.Address, pool.Token1.Address, (int)settings.PoolFee, now),
                cancellationToken), null);
        }

        if (pin.PoolId != poolId)
        {
            return (null, PoolVerdict.Refuse(
                ReasonCodes.Removed,
                $"Pinned is pool {pin.PoolId}, the factory now names {poolId}; an operator must look."));
        }

        var removed = await _factory.GetRemovedPoolsAsync(cancellationToken);
        if (removed is IcpSwapAnswer<IReadOnlyList<IcpSwapPool>>.Ok { Value: var gone }
            && gone.Any(p => p.Canister.Equals(pool.Canister)))
        {
            return (null, PoolVerdict.Refuse(ReasonCodes.Removed, $"The factory lists pool {poolId} as removed."));
        }

        await pins.ConfirmAsync(Id, now, cancellationToken);
        return (pin, null);
    }

    private async Task<Observation> ReadAsync(PoolPin pin, CancellationToken cancellationToken)
    {
        var pool = new IcpSwapPoolClient(agent, Principal.FromText(pin.PoolId));
        var metadata = await pool.MetadataAsync(cancellationToken);
        if (metadata is not IcpSwapAnswer<IcpSwapPoolMetadata>.Ok { Value: var m })
        {
            return Refusal(metadata, wasPinned: false).ToObservation(Id, time.GetUtcNow());
        }

        var amounts = await pool.TokenAmountStateAsync(cancellationToken);
        var at = time.GetUtcNow();
        if (amounts is not IcpSwapAnswer<IcpSwapTokenAmounts>.Ok { Value: var a })
        {
            return Refusal(amounts, wasPinned: false).ToObservation(Id, at);
        }

        var verdict = m.Token0.Address != pin.Ledger0 || m.Token1.Address != pin.Ledger1 || m.Fee != pin.Fee
            ? PoolVerdict.Refuse(ReasonCodes.Pair,
                $"The pool trades {m.Token0.Address} and {m.Token1.Address} at fee {m.Fee}.")
            : new ConcentratedPool(m.SqrtPriceX96, m.Tick, m.Liquidity, m.Token0.Address, m.Token1.Address, m.Fee)
                .Judge(_baseLedger, baseAsset.Scale, _quoteLedger, quoteAsset.Scale, a.Token0Amount, a.Token1Amount);
        var observation = verdict.ToObservation(Id, at) with { Raw = Raw(pin, m, a) };
        return observation.IsOk
            ? observation with
            {
                SqrtPriceX96 = m.SqrtPriceX96,
                Liquidity = m.Liquidity,
                Flags = [ReasonCodes.Uncertified]
            }
            : observation;
    }

    private PoolVerdict? Mismatch(IcpSwapPool pool)
    {
        var trades = (pool.Token0.Address == _baseLedger && pool.Token1.Address == _quoteLedger)
            || (pool.Token0.Address == _quoteLedger && pool.Token1.Address == _baseLedger);
        return trades && pool.Fee == settings.PoolFee
            ? null
            : PoolVerdict.Refuse(
                ReasonCodes.Pair,
                $"The factory named a pool of {pool.Token0.Address} and {pool.Token1.Address} at fee {pool.Fee}.");
    }

    private static PoolVerdict Refusal<T>(IcpSwapAnswer<T> answer, bool wasPinned) => answer switch
    {
        // The factory answers CommonError for a pool it does not have.
        IcpSwapAnswer<T>.Err { Error: "CommonError" } when wasPinned =>
            PoolVerdict.Refuse(ReasonCodes.Removed, "The factory no longer has the pinned pool."),
        IcpSwapAnswer<T>.Err { Error: "CommonError" } when typeof(T) == typeof(IcpSwapPool) =>
            PoolVerdict.Refuse(ReasonCodes.NotFound, "The factory has no such pool."),
        IcpSwapAnswer<T>.Err e => PoolVerdict.Refuse(ReasonCodes.ErrVariant, $"{e.Error} {e.Detail}".TrimEnd()),
        IcpSwapAnswer<T>.Unrecognised u => PoolVerdict.Refuse(ReasonCodes.Decode, $"Unknown answer {u.Tag}."),
        _ => PoolVerdict.Refuse(ReasonCodes.Decode, "Unknown answer."),
    };

    private static string Raw(PoolPin pin, IcpSwapPoolMetadata m, IcpSwapTokenAmounts a) => JsonSerializer.Serialize(new
    {
        pool = pin.PoolId,
        fee = m.Fee.ToString(CultureInfo.InvariantCulture),
        key = m.Key,
        liquidity = m.Liquidity.ToString(CultureInfo.InvariantCulture),
        sqrtPriceX96 = m.SqrtPriceX96.ToString(CultureInfo.InvariantCulture),
        tick = m.Tick.ToString(CultureInfo.InvariantCulture),
        token0 = m.Token0.Address,
        token1 = m.Token1.Address,
        token0Amount = a.Token0Amount.ToString(CultureInfo.InvariantCulture),
        token1Amount = a.Token1Amount.ToString(CultureInfo.InvariantCulture),
    });
}
