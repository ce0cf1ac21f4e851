using Decent.Ledger;
using Decent.Ledger.Books;

namespace Decent.Payments.Reconciliation;

/// <summary>An entry of a rail's clearing account that has no counterpart.</summary>
/// <param name="Posting">Its posting.</param>
/// <param name="Amount">Above zero: a payment whose money has not come; below zero: money whose payment is not
/// known.</param>
/// <param name="At">Business time of the entry.</param>
internal sealed record UnmatchedEntry(Guid Posting, Int128 Amount, DateTimeOffset At);

/// <summary>
/// Pairs payments a rail reported with the money that came for them, amount by amount, oldest first. Pure: what is left
/// over is what is on its way, or missing.
/// </summary>
internal static class RelayMatching
{
    /// <summary>The entries of one account and asset that remain alone.</summary>
    public static IReadOnlyList<UnmatchedEntry> Unmatched(
        string account, Asset asset, IEnumerable<PostingRecord> postings)
    {
        var waiting = new Dictionary<Int128, Queue<UnmatchedEntry>>();
        foreach (var posting in postings)
        {
            foreach (var leg in posting.Legs)
            {
                if (leg.Account != account || leg.Amount.Asset.Code != asset.Code)
                {
                    continue;
                }

                var units = leg.Amount.Units;
                if (waiting.TryGetValue(-units, out var others) && others.Count > 0)
                {
                    others.Dequeue();
                    continue;
                }

                if (!waiting.TryGetValue(units, out var same))
                {
                    waiting[units] = same = new Queue<UnmatchedEntry>();
                }

                same.Enqueue(new UnmatchedEntry(posting.Id, units, posting.RecordedAt));
            }
        }

        return [.. waiting.Values.SelectMany(static q => q).OrderBy(static e => e.At).ThenBy(static e => e.Posting)];
    }
}
