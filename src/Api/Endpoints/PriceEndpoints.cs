using System.Globalization;
using System.Numerics;
using Decent.Api.Composition;
using Decent.Ledger;
using Decent.Payments.Commands;
using Decent.PriceOracle;

namespace Decent.Api.Endpoints;

/// <summary>What is known of a price. Numbers are texts; unknown is null.</summary>
/// <param name="Asset">Code of the token.</param>
/// <param name="Currency">Always <c>USD</c>.</param>
/// <param name="Price">US dollars per whole token as decimal text.</param>
/// <param name="PriceE18">The same × 10^18 as integer text.</param>
/// <param name="State">State of the oracle.</param>
/// <param name="AsOf">When the price was accepted.</param>
/// <param name="AgeSeconds">Seconds since then.</param>
/// <param name="RoundId">The round that accepted it.</param>
/// <param name="Flags">Codes that qualify it.</param>
/// <param name="Reason">One sentence for people.</param>
/// <param name="UsableForPayout">Whether money may be converted at it now.</param>
/// <param name="Venues">Venues whose votes made it.</param>
public sealed record PriceBody(
    string Asset,
    string Currency,
    string? Price,
    string? PriceE18,
    PriceState State,
    DateTimeOffset? AsOf,
    long? AgeSeconds,
    long? RoundId,
    IReadOnlyList<string> Flags,
    string Reason,
    bool UsableForPayout,
    IReadOnlyList<string> Venues);

/// <summary>Prices and their sources.</summary>
internal static class PriceEndpoints
{
    private const int Decimals = 18;

    public static void MapPrices(this IEndpointRouteBuilder api)
    {
        api.MapGet("/prices/{asset}", GetAsync).WithName("GetPrice").RequireAuthorization(Scopes.OracleRead);
        api.MapGet("/prices/{asset}/rounds/{id:long}", RoundAsync).WithName("GetPriceRound").RequireAuthorization(Scopes.OracleRead);
        api.MapGet("/oracle/sources", SourcesAsync).WithName("ListPriceSources").RequireAuthorization(Scopes.OracleRead);
    }

    /// <summary>The price of a token with its age and state; 200 also when it is unknown, unless a fresh one is required.</summary>
    private static async Task<PriceBody> GetAsync(
        string asset, IPriceReader prices, AssetRegistry assets, string? require, CancellationToken cancellationToken)
    {
        var reading = await prices.CurrentAsync(Token(asset, assets), cancellationToken);
        if (require is not null and not "fresh")
        {
            throw new RefusedException("parameter_invalid", "require is 'fresh' or absent.", RefusalKind.Invalid);
        }

        return require is null || reading.State == PriceState.Fresh
            ? Body(reading)
            : throw new RefusedException("price_unavailable", reading.ReasonInWords, RefusalKind.Unavailable);
    }

    /// <summary>One round with every observation behind it.</summary>
    private static async Task<PriceRoundBody> RoundAsync(
        string asset, long id, IPriceHistory history, AssetRegistry assets, CancellationToken cancellationToken)
    {
        var token = Token(asset, assets);
        var round = await history.RoundAsync(id, cancellationToken);
        return round is not null && round.AssetCode == token.Code
            ? PriceRoundBody.Of(round)
            : throw new RefusedException("round_unknown", $"There is no round {id} of {asset}.", RefusalKind.NotFound);
    }

    /// <summary>Every source with its health.</summary>
    private static async Task<Page<SourceHealth>> SourcesAsync(IPriceHistory history, CancellationToken cancellationToken) =>
        new(await history.SourcesAsync(cancellationToken), null);

    private static Asset Token(string code, AssetRegistry assets) =>
        assets.Find(code) is { Kind: AssetKind.Token } asset
            ? asset
            : throw new RefusedException("asset_unknown", $"'{code}' is not a token of this installation.", RefusalKind.NotFound);

    private static PriceBody Body(PriceReading reading) => new(
        reading.Asset.Code,
        "USD",
        DecimalText(reading.PriceE18),
        reading.PriceE18?.ToString(CultureInfo.InvariantCulture),
        reading.State,
        reading.ObservedAt,
        reading.Age is { } age ? (long)age.TotalSeconds : null,
        reading.RoundId,
        reading.Flags,
        reading.ReasonInWords,
        reading.UsableForPayout,
        reading.Venues);

    private static string? DecimalText(BigInteger? e18)
    {
        if (e18 is not { } value)
        {
            return null;
        }

        var digits = value.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
        return $"{digits[..^Decimals]}.{digits[^Decimals..]}".TrimEnd('0').TrimEnd('.');
    }
}
