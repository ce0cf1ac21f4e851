using System.Numerics;

namespace Decent.PriceOracle.Aggregation;

/// <summary>What people did to a feed, as the input of a round.</summary>
/// <param name="Kind">One of <see cref="OperatorActs" />.</param>
/// <param name="Actors">Who, in order of acting.</param>
/// <param name="Reason">Why.</param>
/// <param name="Manual">The manual price, for one.</param>
internal sealed record OperatorAct(string Kind, IReadOnlyList<string> Actors, string Reason, ManualPrice? Manual);

/// <summary>A manual price in force.</summary>
/// <param name="PriceE18">US dollars per whole token × 10^18.</param>
/// <param name="ValidFrom">Applies from here.</param>
/// <param name="ValidTo">Applies until here.</param>
/// <param name="ClearsOnAccept">Ends when the market's price is accepted.</param>
/// <param name="ProposalId">The proposal behind it.</param>
/// <param name="RoundId">The round that set it; null until it is known.</param>
internal sealed record ManualPrice(
    BigInteger PriceE18, DateTimeOffset ValidFrom, DateTimeOffset ValidTo, bool ClearsOnAccept, long ProposalId,
        long? RoundId)
{
    /// <summary>True while it applies.</summary>
    public bool IsInForce(DateTimeOffset now) => now >= ValidFrom && now < ValidTo;
}

/// <summary>Decides rounds that people make. Pure like every other round.</summary>
internal static class OperatorActs
{
    /// <summary>Stop.</summary>
    public const string Halt = "HALT";

    /// <summary>Start over.</summary>
    public const string Resume = "RESUME";

    /// <summary>Set a price by hand.</summary>
    public const string Manual = "MANUAL";

    /// <summary>End a price set by hand.</summary>
    public const string Revoke = "REVOKE";

    /// <summary>Decides.</summary>
    public static Decision Decide(RoundInput input, OperatorAct act)
    {
        var before = input.Before.AgedTo(input.Now, input.Limits);
        var after = act.Kind switch
        {
            Halt => before with
            {
                // A feed without any price has nothing to halt but its start.
                State = before.LastGoodE18 is null ? PriceState.Bootstrap : PriceState.Halted,
                HaltReason = HaltReasons.Operator,
                PendingE18 = [],
                Manual = null,
            },

            // What was good before the halt is no measure for what comes after it: people saw that, so it starts over.
            Resume => FeedState.Initial with
            {
                GraceRounds = input.Limits.GraceRounds,
                ResumedAt = input.Now,
                Manual = before.Manual,
            },
            Manual => before with { Manual = act.Manual },
            Revoke => before with { Manual = null },
            _ => throw new InvalidOperationException($"Unknown act '{act.Kind}'."),
        };
        return new Decision(act.Kind, [], [], [], act.Manual?.PriceE18, null,
            after with { LastOutcome = act.Kind, LastCodes = [] });
    }
}
