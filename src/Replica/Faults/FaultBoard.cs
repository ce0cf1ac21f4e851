namespace Decent.Replica.Faults;

/// <summary>The faults that wait for their requests. Safe for concurrent use; forgotten at restart.</summary>
public sealed class FaultBoard
{
    private readonly Lock sync = new();
    private readonly List<FaultRule> rules = [];

    /// <summary>The faults still waiting, with the number of times left.</summary>
    public IReadOnlyList<FaultRule> Waiting
    {
        get
        {
            lock (sync)
            {
                return [.. rules];
            }
        }
    }

    /// <summary>Adds a fault; faults are used up in the order they were added.</summary>
    /// <param name="rule">The fault.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not at least once, or a delay that is negative.</exception>
    public void Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.Times, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rule.DelayMs);
        lock (sync)
        {
            rules.Add(rule);
        }
    }

    /// <summary>Removes all faults.</summary>
    public void Clear()
    {
        lock (sync)
        {
            rules.Clear();
        }
    }

    /// <summary>Uses up, by one, the first fault that hits a request; null when the request is spared.</summary>
    internal FaultRule? Take(FaultTarget target, string? canister, string? method)
    {
        lock (sync)
        {
            var at = rules.FindIndex(r => r.Target == target && Hits(r.Canister, canister) && Hits(r.Method, method));
            if (at < 0)
            {
                return null;
            }

            var rule = rules[at];
            if (rule.Times == 1)
            {
                rules.RemoveAt(at);
            }
            else
            {
                rules[at] = rule with { Times = rule.Times - 1 };
            }

            return rule;
        }
    }

    private static bool Hits(string? wanted, string? actual) =>
        wanted is null || string.Equals(wanted, actual, StringComparison.Ordinal);
}
