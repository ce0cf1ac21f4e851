using System.Numerics;
using System.Text;

namespace Decent.Ledger.Books;

/// <summary>What can be said about a batch without looking at the books. Pure.</summary>
internal static class BatchRules
{
    /// <summary>Largest amount and balance; the same distance on both sides of zero, so that a sign can always turn.</summary>
    public static readonly Int128 MaxUnits = Int128.MaxValue;

    private const int MaxKeyLength = 300;
    private const int MaxReasonLength = 100;
    private const int MaxLinkKindLength = 64;
    private const int MaxLinkIdLength = 300;

    /// <summary>Checks every operation of a batch.</summary>
    /// <exception cref="BooksRefusedException">Unbalanced, no such account, or an amount out of range.</exception>
    /// <exception cref="ArgumentException">A key, reason, link or evidence is empty, too long or not storable.</exception>
    public static void Check(BooksBatch batch)
    {
        foreach (var operation in batch.Operations)
        {
            CheckText(operation.IdempotencyKey, MaxKeyLength, "idempotency key");
            CheckText(operation.Reason, MaxReasonLength, "reason");
            foreach (var link in operation.Links)
            {
                CheckText(link.Kind, MaxLinkKindLength, "link kind");
                CheckText(link.Id, MaxLinkIdLength, "link id");
            }

            switch (operation)
            {
                case Posting posting:
                    CheckPosting(posting);
                    break;
                case HoldPlacement placement:
                    CheckAccount(placement.Account, placement.Amount.Asset);
                    CheckPositive(placement.Amount, BooksRefusal.HoldInvalid);
                    break;
                case HoldRelease release:
                    CheckText(release.Evidence, 4000, "evidence");
                    break;
            }
        }
    }

    /// <summary>The chart's rule for an account of an asset.</summary>
    /// <exception cref="BooksRefusedException">The chart has no such account, or it is of another asset.</exception>
    public static AccountRule CheckAccount(string path, Asset asset)
    {
        var rule = ChartOfAccounts.RuleFor(path)
            ?? throw new BooksRefusedException(BooksRefusal.AccountInvalid, $"The chart has no account '{path}'.");
        return ChartOfAccounts.AssetCodeIn(path) is { } code && code != asset.Code
            ? throw new BooksRefusedException(BooksRefusal.AccountInvalid, $"Account '{path}' holds no {asset.Code}.")
            : rule;
    }

    private static void CheckPosting(Posting posting)
    {
        if (posting.Legs.Count < 2)
        {
            throw new BooksRefusedException(BooksRefusal.Unbalanced, $"Posting '{posting.IdempotencyKey}' has fewer than two legs.");
        }

        foreach (var leg in posting.Legs)
        {
            CheckAccount(leg.Account, leg.Amount.Asset);
            CheckRange(leg.Amount);
            if (leg.Amount.IsZero)
            {
                throw new BooksRefusedException(BooksRefusal.Unbalanced, $"Posting '{posting.IdempotencyKey}' has a leg of zero.");
            }
        }

        foreach (var group in posting.Legs.GroupBy(l => l.Amount.Asset))
        {
            var sum = group.Aggregate(BigInteger.Zero, (total, leg) => total + leg.Amount.Units);
            if (!sum.IsZero)
            {
                throw new BooksRefusedException(
                    BooksRefusal.Unbalanced, $"Posting '{posting.IdempotencyKey}' is off by {sum} units of {group.Key.Code}.");
            }
        }

        foreach (var settlement in posting.Settles)
        {
            CheckPositive(settlement.Amount, BooksRefusal.HoldInvalid);
        }
    }

    private static void CheckPositive(Money amount, BooksRefusal refusal)
    {
        CheckRange(amount);
        if (!amount.IsPositive)
        {
            throw new BooksRefusedException(refusal, $"A hold is of a positive amount, not {amount}.");
        }
    }

    private static void CheckRange(Money amount)
    {
        if (amount.Units == Int128.MinValue)
        {
            throw new BooksRefusedException(BooksRefusal.AmountOutOfRange, $"{amount.ToUnitsText()} units are beyond the books' range.");
        }
    }

    private static void CheckText(string text, int longest, string what)
    {
        if (string.IsNullOrEmpty(text) || text.Length > longest)
        {
            throw new ArgumentException(FormattableString.Invariant($"A {what} is 1 to {longest} characters."));
        }

        // PostgreSQL stores no NUL, and half a surrogate pair has no UTF-8.
        if (text.Contains('\0', StringComparison.Ordinal) || !IsUnicode(text))
        {
            throw new ArgumentException($"A {what} holds a character that cannot be stored.");
        }
    }

    private static bool IsUnicode(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var taken) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[taken..];
        }

        return true;
    }
}
