using System.Globalization;
using System.Numerics;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Microsoft.Extensions.Configuration;

namespace Decent.PriceOracle.Settings;

/// <summary>
/// Reads and checks <c>Assets</c> and <c>Oracle</c>. There is no default for a price, a canister or a feed.
/// </summary>
internal sealed class OracleSettingsReader
{
    private static readonly BigInteger PegLeast = E18.One * 8 / 10;
    private static readonly BigInteger PegMost = E18.One * 12 / 10;

    private readonly SettingReader _read;

    private OracleSettingsReader(IConfiguration configuration) => _read = new SettingReader(configuration);

    /// <summary>Reads all settings.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static OracleSettings Read(IConfiguration configuration) => new OracleSettingsReader(configuration).Read();

    private OracleSettings Read()
    {
        var tokens = Tokens();
        var stable = StableLegs(tokens);
        var feeds = Feeds(tokens, stable);
        var venues = feeds.SelectMany(f => f.Routes).Select(r => r.Venue).ToHashSet(StringComparer.Ordinal);
        var minute = TimeSpan.FromMinutes(1);
        var day = TimeSpan.FromDays(1);
        var second = TimeSpan.FromSeconds(1);
        var settings = new OracleSettings
        {
            Tokens = tokens,
            Feeds = feeds,
            StableLegs = stable,
            RoundEvery = _read.Span("Oracle:RoundEvery", TimeSpan.FromMinutes(5), second, day),
            SampleEvery = _read.Span("Oracle:SampleEvery", minute, second, day),
            Window = _read.Span("Oracle:Window", TimeSpan.FromMinutes(30), TimeSpan.Zero, day),
            SourceTimeout =
                _read.Span("Oracle:SourceTimeout", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(50), minute),
            FactsEvery = _read.Span("Oracle:FactsEvery", day, minute, TimeSpan.FromDays(7)),
            RegistryEvery = _read.Span("Oracle:RegistryEvery", TimeSpan.FromHours(1), minute, TimeSpan.FromDays(7)),
            Limits = Limits(),
            Gate = Gate(),
            IcpSwap = venues.Contains(Venues.IcpSwap)
                ? new IcpSwapSettings(
                    _read.Canister("Oracle:IcpSwap:Factory"),
                    (uint)_read.Number("Oracle:IcpSwap:PoolFee", 3_000, 100, 10_000))
                : null,
            Taco = venues.Contains(Venues.Taco) ? new TacoSettings(_read.Canister("Oracle:Taco:Canister")) : null,
            Kong = venues.Contains(Venues.KongSwap) ? new KongSettings(Instant("Oracle:Kong:SunsetAt")) : null,
        };
        if (settings.Limits.HaltAfter < settings.Limits.MaxAge)
        {
            throw new SettingException("Oracle:HaltAfter", "must not be shorter than Oracle:MaxAge.");
        }

        return settings;
    }

    private Dictionary<string, TokenSettings> Tokens()
    {
        var tokens = new Dictionary<string, TokenSettings>(StringComparer.Ordinal);
        foreach (var path in _read.List("Assets"))
        {
            if (!string.Equals(_read.Required($"{path}:Kind"), "token", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var code = _read.Required($"{path}:Code");
            _ = _read.Required($"{path}:Decimals");
            _ = _read.Required($"{path}:FeeUnits");
            var asset = Asset.Token(code, _read.Number($"{path}:Decimals", 0, 0, 18), _read.Canister($"{path}:Ledger"));
            var feeText = _read.Text($"{path}:FeeUnits");
            var fee = UInt128.TryParse(feeText, NumberStyles.None, CultureInfo.InvariantCulture, out var f)
                ? f
                : throw new SettingException($"{path}:FeeUnits", "must be a whole number of the smallest unit.");
            var profile = _read.Required($"{path}:Profile");
            if (!LedgerProfile.ByName.ContainsKey(profile))
            {
                throw new SettingException(
                    $"{path}:Profile", $"is '{profile}'; it must be one of {Listed(LedgerProfile.ByName.Keys)}.");
            }

            if (!tokens.TryAdd(code, new TokenSettings(asset, _read.Text($"{path}:Symbol") ?? code, fee, profile)))
            {
                throw new SettingException($"{path}:Code", $"names '{code}' a second time.");
            }
        }

        return tokens;
    }

    private Dictionary<string, BigInteger> StableLegs(Dictionary<string, TokenSettings> tokens)
    {
        var legs = new Dictionary<string, BigInteger>(StringComparer.Ordinal);
        foreach (var path in _read.List("Oracle:StableLegs"))
        {
            var token = Token($"{path}:Asset", _read.Required($"{path}:Asset"), tokens);
            var value = _read.Positive($"{path}:UsdE18");
            if (value < PegLeast || value > PegMost)
            {
                throw new SettingException($"{path}:UsdE18",
                    "declares a stable asset more than a fifth off the dollar.");
            }

            if (!legs.TryAdd(token.Code, value))
            {
                throw new SettingException($"{path}:Asset", $"declares '{token.Code}' a second time.");
            }
        }

        return legs;
    }

    private List<FeedSettings> Feeds(Dictionary<string, TokenSettings> tokens, Dictionary<string, BigInteger> stable)
    {
        var feeds = new Dictionary<string, FeedSettings>(StringComparer.Ordinal);
        foreach (var path in _read.List("Oracle:Feeds"))
        {
            var asset = Token($"{path}:Asset", _read.Required($"{path}:Asset"), tokens);
            if (stable.ContainsKey(asset.Code))
            {
                throw new SettingException($"{path}:Asset",
                    $"gives routes to '{asset.Code}', whose value is declared.");
            }

            var routes = _read.List($"{path}:Routes").Select(r => Route(r, asset, tokens, stable)).ToList();
            if (routes.Count == 0)
            {
                throw new SettingException($"{path}:Routes", "is missing.");
            }

            if (routes.DistinctBy(r => r.Id, StringComparer.Ordinal).Count() != routes.Count)
            {
                throw new SettingException($"{path}:Routes", "names a route twice.");
            }

            var expected = _read.Text($"{path}:ExpectedE18") is null ? (BigInteger?)null
                : _read.Positive($"{path}:ExpectedE18");
            if (!feeds.TryAdd(asset.Code, new FeedSettings(asset, routes, expected)))
            {
                throw new SettingException($"{path}:Asset", $"prices '{asset.Code}' a second time.");
            }
        }

        if (feeds.Count == 0)
        {
            throw new SettingException("Oracle:Feeds", "is missing.");
        }

        foreach (var code in stable.Keys)
        {
            feeds.Add(code, new FeedSettings(tokens[code].Asset, [], null));
        }

        return [.. feeds.Values.OrderBy(f => f.Asset.Code, StringComparer.Ordinal)];
    }

    private RouteSettings Route(
        string path, Asset asset, Dictionary<string, TokenSettings> tokens, Dictionary<string, BigInteger> stable)
    {
        var text = _read.Required(path);
        var parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !Venues.All.Contains(parts[0], StringComparer.Ordinal))
        {
            throw new SettingException(
                path, $"is '{text}'; it must be venue:A>B with a venue of {Listed(Venues.All)}.");
        }

        var tokensOnPath = parts[1].Split('>', StringSplitOptions.TrimEntries).Select(c => Token(path, c, tokens))
            .ToList();
        if (tokensOnPath.Count is < 2 or > 4 || tokensOnPath[0] != asset
            || tokensOnPath.Distinct().Count() != tokensOnPath.Count)
        {
            throw new SettingException(path,
                $"is '{text}'; it must lead from {asset.Code} over one to three pools, each token once.");
        }

        return stable.ContainsKey(tokensOnPath[^1].Code)
            ? new RouteSettings($"{parts[0]}:{string.Join('>', tokensOnPath.Select(t => t.Code))}", parts[0],
                tokensOnPath)
            : throw new SettingException(
                "Oracle:StableLegs",
                $"does not declare the US dollar value of '{tokensOnPath[^1].Code}', the end of route '{text}'.");
    }

    private AggregationLimits Limits()
    {
        var house = new AggregationLimits { AllowSingleVenue = false };
        var second = TimeSpan.FromSeconds(1);
        var week = TimeSpan.FromDays(7);
        return house with
        {
            MaxAge = _read.Span("Oracle:MaxAge", house.MaxAge, second, week),
            HaltAfter = _read.Span("Oracle:HaltAfter", house.HaltAfter, second, TimeSpan.FromDays(31)),
            ObservationMaxAge = _read.Span("Oracle:ObservationMaxAge", house.ObservationMaxAge, second, week),
            FutureSkew = _read.Span("Oracle:FutureSkew", house.FutureSkew, TimeSpan.Zero, TimeSpan.FromHours(1)),
            MinTvlUsdE6 = Dollars("Oracle:MinTvlUsd", house.MinTvlUsdE6),
            MinCoverageBps = Bps("Oracle:MinCoverageBps", house.MinCoverageBps),
            SpotMaxBps = Bps("Oracle:SpotMaxBps", house.SpotMaxBps),
            AllowSingleVenue = _read.Flag("Oracle:AllowSingleVenue", house.AllowSingleVenue),
            AgreementBps = Bps("Oracle:AgreementBps", house.AgreementBps),
            DominanceRatio = _read.Number("Oracle:DominanceRatio", house.DominanceRatio, 2, 1_000_000),
            DominantMaxBps = Bps("Oracle:DominantMaxBps", house.DominantMaxBps),
            OutlierBps = Bps("Oracle:OutlierBps", house.OutlierBps),
            SpreadMaxBps = Bps("Oracle:SpreadMaxBps", house.SpreadMaxBps),
            StepSoftBps = Bps("Oracle:StepSoftBps", house.StepSoftBps),
            StepHardBps = Bps("Oracle:StepHardBps", house.StepHardBps),
            DriftHardBps = Bps("Oracle:DriftHardBps", house.DriftHardBps),
            ConfirmRounds = _read.Number("Oracle:ConfirmRounds", house.ConfirmRounds, 1, 100),
            ConfirmRoundsSingle = _read.Number("Oracle:ConfirmRoundsSingle", house.ConfirmRoundsSingle, 1, 100),
            ConfirmSpreadBps = Bps("Oracle:ConfirmSpreadBps", house.ConfirmSpreadBps),
            ConfidenceMaxBps = Bps("Oracle:ConfidenceMaxBps", house.ConfidenceMaxBps),
            GraceRounds = _read.Number("Oracle:GraceRounds", house.GraceRounds, 0, 100),
        };
    }

    private GateLimits Gate()
    {
        var house = new GateLimits();
        return new GateLimits
        {
            MinVenues = _read.Number("Oracle:Gate:MinVenues", house.MinVenues, 1, 10),
            MinTvlUsdE6 = Dollars("Oracle:Gate:MinTvlUsd", house.MinTvlUsdE6),
            MaxConfidenceBps = Bps("Oracle:Gate:MaxConfidenceBps", house.MaxConfidenceBps),
        };
    }

    private static string Listed(IEnumerable<string> words) => string.Join(", ", words);

    private static Asset Token(string setting, string code, Dictionary<string, TokenSettings> tokens) =>
        tokens.TryGetValue(code, out var token)
            ? token.Asset
            : throw new SettingException(setting, $"names '{code}', which is not a token of Assets.");

    private int Bps(string name, int otherwise) => _read.Number(name, otherwise, 1, 10_000);

    private BigInteger Dollars(string name, BigInteger otherwise) =>
        _read.Text(name) is null ? otherwise : (BigInteger)_read.Number(name, 0, 0, 1_000_000_000) * 1_000_000;

    private DateTimeOffset Instant(string name)
    {
        var text = _read.Required(name);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var instant)
            ? instant.ToUniversalTime()
            : throw new SettingException(name, $"is '{text}', which is not an instant.");
    }
}
