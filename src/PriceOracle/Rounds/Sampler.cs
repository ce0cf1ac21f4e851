using Decent.Ledger;
using Decent.PriceOracle.Aggregation;
using Decent.PriceOracle.Settings;
using Decent.PriceOracle.Sources;

namespace Decent.PriceOracle.Rounds;

/// <summary>Asks sources at the same time; each has its own limit and fails alone.</summary>
internal sealed class Sampler(OracleSettings settings, ITokenFacts facts, TimeProvider time)
{
    /// <summary>Asks every source once.</summary>
    /// <returns>An observation for every source, by id.</returns>
    public async Task<IReadOnlyDictionary<string, Observation>> AskAllAsync(
        IReadOnlyList<IPriceSource> sources, CancellationToken cancellationToken)
    {
        await facts.EnsureAsync(cancellationToken);
        var answers = await Task.WhenAll(sources.Select(s => AskAsync(s, cancellationToken)));
        return answers.ToDictionary(a => a.SourceId, StringComparer.Ordinal);
    }

    /// <summary>Why a token is shut, or null.</summary>
    public TokenFault? FaultOf(Asset asset) => facts.FaultOf(asset);

    private async Task<Observation> AskAsync(IPriceSource source, CancellationToken cancellationToken)
    {
        if (source.SunsetAt is { } sunset && time.GetUtcNow() >= sunset)
        {
            return Fail(source, ReasonCodes.Sunset, $"The venue closed on {sunset:yyyy-MM-dd}.", 0);
        }

        if ((FaultOf(source.Base) ?? FaultOf(source.Quote)) is { } fault)
        {
            return Fail(source, fault.Code, fault.Detail, 0);
        }

        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(settings.SourceTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var observation = await source.SampleAsync(both.Token).WaitAsync(both.Token);
            return observation with
            {
                SourceId = source.Id,
                ObservedAt = Instants.Microseconds(observation.ObservedAt),
                Detail = Short(observation.Detail),
                LatencyMs = Elapsed(started),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Fail(source, ReasonCodes.Timeout,
                $"No answer within {settings.SourceTimeout.TotalSeconds:0.###} s.", Elapsed(started));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A source must not throw, and if one does, the others must not suffer.
            return Fail(source, VenueFaults.CodeOf(e), e.Message, Elapsed(started));
        }
    }

    private Observation Fail(IPriceSource source, string code, string detail, long latencyMs) => new()
    {
        SourceId = source.Id,
        ObservedAt = Instants.Microseconds(time.GetUtcNow()),
        Code = code,
        Detail = Short(detail),
        LatencyMs = latencyMs,
    };

    private long Elapsed(long started) => (long)time.GetElapsedTime(started).TotalMilliseconds;

    // A zero character is legal in an answer and not in PostgreSQL's text.
    private static string Short(string text) => (text.Length <= 500 ? text : text[..500]).Replace('\0', ' ');
}
