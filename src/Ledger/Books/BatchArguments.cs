using System.Data;
using System.Numerics;
using Decent.Ledger.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Decent.Ledger.Books;

/// <summary>A batch as the parallel arrays that <c>ledger.apply</c> takes.</summary>
internal sealed class BatchArguments
{
    private readonly DateTimeOffset _recordedAt;
    private readonly Dictionary<(string Path, string Asset), int> _accounts = [];
    private readonly List<(string Path, Asset Asset, AccountRule Rule)> _accountRows = [];
    private readonly List<BooksOperation> _operations = [];
    private readonly List<(int Op, int Account, Int128 Amount)> _legs = [];
    private readonly List<(int Op, Link Link)> _links = [];
    private readonly List<(int Op, HoldSettlement Settlement)> _settlements = [];
    private readonly List<byte[]> _digests = [];
    private readonly List<byte[]> _hashes = [];
    private readonly List<int?> _holdAccounts = [];

    public BatchArguments(DateTimeOffset recordedAt) => _recordedAt = CanonicalEncoding.Microseconds(recordedAt);

    /// <summary>Adds an operation that passed <see cref="BatchRules" />.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="body">Its canonical body.</param>
    public void Add(BooksOperation operation, byte[] body)
    {
        _operations.Add(operation);
        var op = _operations.Count;
        _digests.Add(CanonicalEncoding.Hash(body));
        _hashes.Add(CanonicalEncoding.Hash(
            CanonicalEncoding.Record(CanonicalEncoding.SubjectOf(operation), _recordedAt, body)));
        _links.AddRange(operation.Links.Select(l => (op, l)));
        _holdAccounts.Add(operation is HoldPlacement placement ? AccountOf(placement.Account, placement.Amount.Asset) : null);
        if (operation is Posting posting)
        {
            _legs.AddRange(posting.Legs.Select(l => (op, AccountOf(l.Account, l.Amount.Asset), l.Amount.Units)));
            _settlements.AddRange(posting.Settles.Select(s => (op, s)));
        }
    }

    /// <summary>Fills the parameters of <see cref="BooksSql.Apply" /> in order.</summary>
    public void Fill(NpgsqlCommand command)
    {
        Scalar(command, NpgsqlDbType.TimestampTz, _recordedAt);
        Scalar(command, NpgsqlDbType.Smallint, (short)CanonicalEncoding.Version);

        Column(command, NpgsqlDbType.Text, _accountRows, a => a.Path);
        Column(command, NpgsqlDbType.Smallint, _accountRows, a => SignOf(a.Rule.Side));
        Column(command, NpgsqlDbType.Numeric, _accountRows, a => a.Rule.HasFloor ? BigInteger.Zero : (BigInteger?)null);
        Column(command, NpgsqlDbType.Text, _accountRows, a => a.Asset.Code);
        Column(command, NpgsqlDbType.Smallint, _accountRows, a => (short)a.Asset.Scale);
        Column(command, NpgsqlDbType.Text, _accountRows, a => AssetText.Of(a.Asset.Kind));
        Column(command, NpgsqlDbType.Text, _accountRows, a => a.Asset.LedgerCanister?.ToText());

        Column(command, NpgsqlDbType.Smallint, _operations, CanonicalEncoding.KindOf);
        Column(command, NpgsqlDbType.Uuid, _operations, CanonicalEncoding.SubjectOf);
        Column(command, NpgsqlDbType.Text, _operations, o => o.IdempotencyKey);
        Column(command, NpgsqlDbType.Text, _operations, o => o.Reason);
        Column(command, NpgsqlDbType.Bytea, _digests, d => d);
        Column(command, NpgsqlDbType.Bytea, _hashes, h => h);
        Column(command, NpgsqlDbType.TimestampTz, _operations, o => o is Posting p ? CanonicalEncoding.Microseconds(p.EffectiveAt) : (DateTimeOffset?)null);
        Column(command, NpgsqlDbType.Boolean, _operations, o => o is Posting { Authority: PostingAuthority.Fact });
        Column(command, NpgsqlDbType.Integer, _holdAccounts, a => a);
        Column(command, NpgsqlDbType.Numeric, _operations, o => o is HoldPlacement h ? h.Amount.Units : (BigInteger?)null);
        Column(command, NpgsqlDbType.Text, _operations, o => (o as HoldRelease)?.Evidence);

        Column(command, NpgsqlDbType.Integer, _legs, l => l.Op);
        Column(command, NpgsqlDbType.Integer, _legs, l => l.Account);
        Column(command, NpgsqlDbType.Numeric, _legs, l => (BigInteger)l.Amount);

        Column(command, NpgsqlDbType.Integer, _links, l => l.Op);
        Column(command, NpgsqlDbType.Text, _links, l => l.Link.Kind);
        Column(command, NpgsqlDbType.Text, _links, l => l.Link.Id);

        Column(command, NpgsqlDbType.Integer, _settlements, s => s.Op);
        Column(command, NpgsqlDbType.Uuid, _settlements, s => s.Settlement.HoldId);
        Column(command, NpgsqlDbType.Text, _settlements, s => s.Settlement.Amount.Asset.Code);
        Column(command, NpgsqlDbType.Numeric, _settlements, s => (BigInteger)s.Settlement.Amount.Units);
        Column(command, NpgsqlDbType.Boolean, _settlements, s => s.Settlement.CloseRemainder);
    }

    /// <summary>1 where debits make the balance grow, -1 where credits do.</summary>
    public static short SignOf(NormalSide side) => side == NormalSide.Debit ? (short)1 : (short)-1;

    private int AccountOf(string path, Asset asset)
    {
        if (!_accounts.TryGetValue((path, asset.Code), out var number))
        {
            _accountRows.Add((path, asset, BatchRules.CheckAccount(path, asset)));
            number = _accountRows.Count;
            _accounts.Add((path, asset.Code), number);
        }
        else if (_accountRows[number - 1].Asset != asset)
        {
            throw new BooksRefusedException(
                BooksRefusal.AccountInvalid, $"The batch names two different assets '{asset.Code}'.");
        }

        return number;
    }

    private static void Scalar(NpgsqlCommand command, NpgsqlDbType type, object value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value });

    private static void Column<TRow, TValue>(
        NpgsqlCommand command, NpgsqlDbType type, List<TRow> rows, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<TValue[]> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = values });
    }
}
