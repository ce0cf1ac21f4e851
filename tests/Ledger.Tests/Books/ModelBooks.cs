using Decent.Ledger.Books;

namespace Decent.Ledger.Tests.Books;

/// <summary>The books as plain dictionaries: what the real ones must agree with.</summary>
internal sealed class ModelBooks
{
    private Dictionary<string, Int128> _balances = new(StringComparer.Ordinal);
    private Dictionary<Guid, (string Account, Int128 Remaining)> _holds = [];
    private Dictionary<string, (BooksOperation First, string Body)> _keys = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Int128> Balances => _balances;

    public Int128 HeldOn(string account) => _holds.Values.Where(h => h.Account == account).Aggregate(Int128.Zero, (sum, h) => sum + h.Remaining);

    /// <summary>Applies a batch, or says why not and stays as it was.</summary>
    public BooksRefusal? Apply(IEnumerable<BooksOperation> batch, Func<BooksOperation, string> bodyOf)
    {
        var (balances, holds, keys) = (new Dictionary<string, Int128>(_balances, StringComparer.Ordinal), new Dictionary<Guid, (string, Int128)>(_holds), new Dictionary<string, (BooksOperation, string)>(_keys, StringComparer.Ordinal));
        BooksRefusal? refusal = null;
        foreach (var operation in batch)
        {
            refusal = ApplyOne(operation, bodyOf(operation));
            if (refusal is not null)
            {
                break;
            }
        }

        if (refusal is not null)
        {
            (_balances, _holds, _keys) = (balances, holds, keys);
        }

        return refusal;
    }

    private BooksRefusal? ApplyOne(BooksOperation operation, string body)
    {
        if (_keys.TryGetValue(operation.IdempotencyKey, out var known))
        {
            return known.Body == body ? null : BooksRefusal.IdempotencyConflict;
        }

        _keys.Add(operation.IdempotencyKey, (operation, body));
        return operation switch
        {
            Posting posting => Post(posting),
            HoldPlacement placement => Place(placement),
            HoldRelease release => Release(release),
            _ => throw new ArgumentException("Unknown operation.", nameof(operation)),
        };
    }

    private BooksRefusal? Post(Posting posting)
    {
        var before = posting.Legs.Select(l => l.Account)
            .Concat(posting.Settles.Where(s => _holds.ContainsKey(s.HoldId)).Select(s => _holds[s.HoldId].Account))
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(a => a, Available, StringComparer.Ordinal);
        foreach (var settlement in posting.Settles)
        {
            if (!_holds.TryGetValue(settlement.HoldId, out var hold) || hold.Remaining < settlement.Amount.Units)
            {
                return BooksRefusal.HoldInvalid;
            }

            _holds[settlement.HoldId] = (hold.Account, settlement.CloseRemainder ? 0 : hold.Remaining - settlement.Amount.Units);
        }

        foreach (var leg in posting.Legs)
        {
            var sign = BatchArguments.SignOf(ChartOfAccounts.RuleFor(leg.Account)!.Side);
            _balances[leg.Account] = _balances.GetValueOrDefault(leg.Account) + (leg.Amount.Units * sign);
        }

        return posting.Authority == PostingAuthority.Intent && before.Any(b => IsWorse(b.Key, b.Value))
            ? BooksRefusal.FloorBreached
            : null;
    }

    private BooksRefusal? Place(HoldPlacement placement)
    {
        var before = Available(placement.Account);
        _balances.TryAdd(placement.Account, 0);
        _holds.Add(placement.Id, (placement.Account, placement.Amount.Units));
        return IsWorse(placement.Account, before) ? BooksRefusal.FloorBreached : null;
    }

    private BooksRefusal? Release(HoldRelease release)
    {
        if (!_holds.TryGetValue(release.HoldId, out var hold) || hold.Remaining == 0)
        {
            return BooksRefusal.HoldInvalid;
        }

        _holds[release.HoldId] = (hold.Account, 0);
        return null;
    }

    private bool IsWorse(string account, Int128 before) =>
        ChartOfAccounts.RuleFor(account)!.HasFloor && Available(account) < before && Available(account) < 0;

    private Int128 Available(string account) => _balances.GetValueOrDefault(account) - HeldOn(account);
}
