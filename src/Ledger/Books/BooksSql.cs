namespace Decent.Ledger.Books;

/// <summary>Statements of the books.</summary>
internal static class BooksSql
{
    public const string Apply = """
        select op, id, replayed, breach_account, breach_asset, breach_limit, breach_reached
        from ledger.apply($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
          $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)
        """;

    private const string BalanceColumns = """
        select a.path, a.side::int as side, b.balance::text as balance, b.held::text as held,
          s.code, s.scale::int as scale, s.kind, s.ledger
        from ledger.accounts a
        join ledger.balances b on b.account_id = a.id
        join ledger.assets s on s.code = a.asset
        """;

    public const string Balance = BalanceColumns + " where a.path = @account and a.asset = @asset";

    public const string Balances = BalanceColumns + """
         where a.path >= @prefix and a.path < @prefix || chr(1114111)
        order by a.path, a.asset
        limit @limit
        """;

    public const string TrialBalance = """
        select s.code, s.scale::int as scale, s.kind, s.ledger, t.debits::text as debits, t.credits::text as credits
        from (
          select a.asset, coalesce(sum(e.amount) filter (where e.amount > 0), 0) as debits,
            coalesce(-sum(e.amount) filter (where e.amount < 0), 0) as credits
          from ledger.entries e
          join ledger.accounts a on a.id = e.account_id
          group by a.asset
        ) t
        join ledger.assets s on s.code = t.asset
        order by s.code
        """;

    public const string SequencesByLink = """
        select distinct k.seq from ledger.links k
        join ledger.postings p on p.id = k.subject_id and p.recorded_at = k.recorded_at
        where k.kind = @kind and k.id = @id
        order by k.seq
        """;

    public const string SequencesByAccount = """
        select distinct e.seq from ledger.entries e
        where e.account_id = (select a.id from ledger.accounts a where a.path = @account and a.asset = @asset)
          and e.seq > @after
        order by e.seq
        limit @limit
        """;

    public const string Postings = """
        select p.seq, p.id, p.key, p.reason, p.effective_at, p.recorded_at, p.hash
        from ledger.postings p where p.seq = any(@sequences) order by p.seq;
        select e.seq, a.path, e.amount::text as amount, s.code, s.scale::int as scale, s.kind, s.ledger
        from ledger.entries e
        join ledger.accounts a on a.id = e.account_id
        join ledger.assets s on s.code = a.asset
        where e.seq = any(@sequences) order by e.seq, e.leg;
        select k.seq, k.kind, k.id from ledger.links k where k.seq = any(@sequences) order by k.seq, k.ordinal
        """;
}
