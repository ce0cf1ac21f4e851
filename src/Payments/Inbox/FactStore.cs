using Dapper;
using Decent.Payments.Commands;
using Decent.Payments.Facts;

namespace Decent.Payments.Inbox;

/// <summary>
/// Rows of facts. Writing a fact again can only add knowledge: amounts grow, times shrink, and of two texts one is
/// kept by a rule that does not ask which came first.
/// </summary>
internal static class FactStore
{
    private const string UpsertSql = """
        insert into payments.facts as f
          (provider, kind, key, unit, object_id, payment_key, session_key, contract_ref, collection_ref, refund_ref,
           account, units, requested_units, tax_units, fee_units, price_e9s, detail, occurred_at, source, first_seen_at)
        values
          (@Provider, @Kind, @Key, @Unit, @ObjectId, @PaymentKey, @SessionKey, @ContractRef, @CollectionRef, @RefundRef,
           @Account, @Units, @RequestedUnits, @TaxUnits, @FeeUnits, @PriceE9s, @Detail, @OccurredAt, @Source, @Now)
        on conflict (provider, kind, key, unit) do update
        set object_id = greatest(f.object_id, excluded.object_id),
            payment_key = least(f.payment_key, excluded.payment_key),
            session_key = least(f.session_key, excluded.session_key),
            contract_ref = least(f.contract_ref, excluded.contract_ref),
            collection_ref = least(f.collection_ref, excluded.collection_ref),
            refund_ref = least(f.refund_ref, excluded.refund_ref),
            account = least(f.account, excluded.account),
            units = greatest(f.units, excluded.units),
            requested_units = greatest(f.requested_units, excluded.requested_units),
            tax_units = greatest(f.tax_units, excluded.tax_units),
            fee_units = greatest(f.fee_units, excluded.fee_units),
            price_e9s = greatest(f.price_e9s, excluded.price_e9s),
            detail = least(f.detail, excluded.detail),
            occurred_at = least(f.occurred_at, excluded.occurred_at)
        """;

    private const string OfPaymentSql = """
        select provider, kind, key, unit, object_id, payment_key, session_key, contract_ref, collection_ref,
               refund_ref, account,
               units::text as units, requested_units::text as requested_units, tax_units::text as tax_units,
               fee_units::text as fee_units, price_e9s::text as price_e9s, detail, occurred_at
        from payments.facts
        where provider = @rail and payment_key = any(@keys)
        """;

    /// <summary>
    /// Writes facts, in an order that keeps concurrent writers from waiting for each other in a circle.
    /// </summary>
    public static async Task UpsertAsync(
        CommandSession session, IReadOnlyList<ProviderFact> facts, string source, CancellationToken cancellationToken)
    {
        foreach (var fact in facts
                     .OrderBy(f => f.Provider, StringComparer.Ordinal)
                     .ThenBy(f => f.Key, StringComparer.Ordinal)
                     .ThenBy(f => f.Kind)
                     .ThenBy(f => f.Unit, StringComparer.Ordinal))
        {
            await session.Connection.ExecuteAsync(new CommandDefinition(
                UpsertSql, Row(fact, source, session.Now), session.Transaction, cancellationToken: cancellationToken));
        }
    }

    /// <summary>All facts about payments.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="rail">The rail.</param>
    /// <param name="keys">Payments and sessions that are one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<List<ProviderFact>> OfPaymentAsync(
        CommandSession session, string rail, string[] keys, CancellationToken cancellationToken)
    {
        var rows = await session.Connection.QueryAsync<FactRow>(new CommandDefinition(
            OfPaymentSql, new { rail, keys }, session.Transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(r => r.ToFact())];
    }

    private static object Row(ProviderFact fact, string source, DateTimeOffset now) => new
    {
        fact.Provider,
        Kind = fact.Kind.ToString(),
        fact.Key,
        fact.Unit,
        ObjectId = fact.ObjectId ?? "",
        fact.PaymentKey,
        fact.SessionKey,
        fact.ContractRef,
        fact.CollectionRef,
        fact.RefundRef,
        fact.Account,
        fact.Units,
        fact.RequestedUnits,
        fact.TaxUnits,
        fact.FeeUnits,
        fact.PriceE9s,
        fact.Detail,
        fact.OccurredAt,
        Source = source,
        Now = now,
    };

    private sealed record FactRow
    {
        public string Provider { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Key { get; init; } = "";

        public string Unit { get; init; } = "";

        public string ObjectId { get; init; } = "";

        public string? PaymentKey { get; init; }

        public string? SessionKey { get; init; }

        public string? ContractRef { get; init; }

        public Guid? CollectionRef { get; init; }

        public Guid? RefundRef { get; init; }

        public string? Account { get; init; }

        public Int128? Units { get; init; }

        public Int128? RequestedUnits { get; init; }

        public Int128? TaxUnits { get; init; }

        public Int128? FeeUnits { get; init; }

        public Int128? PriceE9s { get; init; }

        public string? Detail { get; init; }

        public DateTimeOffset OccurredAt { get; init; }

        public ProviderFact ToFact() => new(Provider, Enum.Parse<FactKind>(Kind), Key, OccurredAt)
        {
            Unit = Unit,
            ObjectId = ObjectId.Length == 0 ? null : ObjectId,
            PaymentKey = PaymentKey,
            SessionKey = SessionKey,
            ContractRef = ContractRef,
            CollectionRef = CollectionRef,
            RefundRef = RefundRef,
            Account = Account,
            Units = Units,
            RequestedUnits = RequestedUnits,
            TaxUnits = TaxUnits,
            FeeUnits = FeeUnits,
            PriceE9s = PriceE9s,
            Detail = Detail,
        };
    }
}
