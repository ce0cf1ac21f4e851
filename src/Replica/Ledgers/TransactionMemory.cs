namespace Decent.Replica.Ledgers;

/// <summary>
/// The executed transactions a ledger still recognises. An entry is forgotten when block time + window + drift has
/// passed, so that there is no gap between "duplicate" and "too old".
/// </summary>
internal sealed class TransactionMemory(ulong keepNs)
{
    private readonly Dictionary<string, ulong> blocks = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, ulong Timestamp)> order = new();

    public int Count => blocks.Count;

    public void Forget(ulong now)
    {
        while (order.TryPeek(out var oldest) && oldest.Timestamp + keepNs < now)
        {
            _ = order.Dequeue();
            _ = blocks.Remove(oldest.Key);
        }
    }

    public bool TryFind(string key, out ulong block) => blocks.TryGetValue(key, out block);

    public void Remember(string key, ulong block, ulong timestamp)
    {
        blocks[key] = block;
        order.Enqueue((key, timestamp));
    }
}
