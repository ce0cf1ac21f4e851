using Decent.Ledger.Journal;
using Npgsql;

namespace Decent.Ledger.Books;

/// <inheritdoc cref="IBooks" />
/// <remarks>
/// Batches go to one SQL function that the host's role may execute; the role can write to no table of the books.
/// </remarks>
public sealed class Books : IBooks
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<BooksOutcome>> ApplyAsync(
        NpgsqlTransaction transaction, BooksBatch batch, DateTimeOffset recordedAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(batch);
        BatchRules.Check(batch);
        if (batch.IsEmpty)
        {
            return [];
        }

        var (first, arguments) = Distinct(batch, recordedAt);
        await using var command = new NpgsqlCommand(BooksSql.Apply, transaction.Connection, transaction);
        arguments.Fill(command);
        try
        {
            return await ReadAsync(command, batch, first, cancellationToken);
        }
        catch (PostgresException e) when (RefusalOf(e) is { } refusal)
        {
            var firstId = refusal == BooksRefusal.IdempotencyConflict && Guid.TryParse(e.Hint, out var id) ? id : (Guid?)null;
            throw new BooksRefusedException(refusal, e.MessageText, firstId);
        }
    }

    // Within a batch a key may come twice; the books see it once and the second is a replay of the first.
    private static (Dictionary<string, (int Op, BooksOperation First)> First, BatchArguments Arguments) Distinct(
        BooksBatch batch, DateTimeOffset recordedAt)
    {
        var first = new Dictionary<string, (int Op, BooksOperation First)>(StringComparer.Ordinal);
        var bodies = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var arguments = new BatchArguments(recordedAt);
        foreach (var operation in batch.Operations)
        {
            var body = CanonicalEncoding.Body(operation);
            if (first.TryAdd(operation.IdempotencyKey, (first.Count + 1, operation)))
            {
                bodies.Add(operation.IdempotencyKey, body);
                arguments.Add(operation, body);
            }
            else if (!bodies[operation.IdempotencyKey].AsSpan().SequenceEqual(body))
            {
                throw new BooksRefusedException(
                    BooksRefusal.IdempotencyConflict,
                    $"key {operation.IdempotencyKey} is used with two bodies in one batch",
                    CanonicalEncoding.SubjectOf(first[operation.IdempotencyKey].First));
            }
        }

        return (first, arguments);
    }

    private static async Task<List<BooksOutcome>> ReadAsync(
        NpgsqlCommand command,
        BooksBatch batch,
        Dictionary<string, (int Op, BooksOperation First)> first,
        CancellationToken cancellationToken)
    {
        var answers = new Dictionary<int, (Guid Id, bool Replayed, List<BooksBreach> Breaches)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var op = reader.GetInt32(0);
                if (!answers.TryGetValue(op, out var answer))
                {
                    answer = (reader.GetGuid(1), reader.GetBoolean(2), []);
                    answers.Add(op, answer);
                }

                if (!reader.IsDBNull(3))
                {
                    var asset = AssetOf(batch, reader.GetString(4));
                    answer.Breaches.Add(new BooksBreach(
                        reader.GetString(3), UnitsOf(reader.GetString(5), asset), UnitsOf(reader.GetString(6), asset)));
                }
            }
        }

        return
        [
            .. batch.Operations.Select(operation =>
            {
                var (op, original) = first[operation.IdempotencyKey];
                var (id, replayed, breaches) = answers[op];
                return new BooksOutcome(operation, id, replayed || !ReferenceEquals(original, operation), breaches);
            }),
        ];
    }

    private static Money UnitsOf(string units, Asset asset) =>
        new(asset, Int128.Parse(units, System.Globalization.CultureInfo.InvariantCulture));

    private static Asset AssetOf(BooksBatch batch, string code) => batch.Operations
        .OfType<Posting>()
        .SelectMany(p => p.Legs.Select(l => l.Amount).Concat(p.Settles.Select(s => s.Amount)))
        .Concat(batch.Operations.OfType<HoldPlacement>().Select(h => h.Amount))
        .First(m => m.Asset.Code == code)
        .Asset;

    private static BooksRefusal? RefusalOf(PostgresException e) => e.SqlState switch
    {
        "LB001" => BooksRefusal.Unbalanced,
        "LB002" => BooksRefusal.AccountInvalid,
        "LB003" => BooksRefusal.FloorBreached,
        "LB004" => BooksRefusal.CeilingBreached,
        "LB005" => BooksRefusal.IdempotencyConflict,
        "LB006" => BooksRefusal.HoldInvalid,
        "LB007" => BooksRefusal.AmountOutOfRange,

        // The columns of the books are as wide as an Int128; what does not fit is refused by the table itself.
        PostgresErrorCodes.NumericValueOutOfRange => BooksRefusal.AmountOutOfRange,
        PostgresErrorCodes.CheckViolation when e.SchemaName == "ledger" => BooksRefusal.AmountOutOfRange,
        _ => null,
    };
}
