namespace Decent.Candid;

/// <summary>
/// Collects one message of a generated codec in memory that the thread keeps, so that a message costs its own bytes
/// and nothing else.
/// </summary>
public readonly ref struct CandidEncoder
{
    private readonly PooledBytes _bytes;

    /// <summary>Starts a message with the header of its types.</summary>
    public CandidEncoder(CandidSignature signature)
    {
        _bytes = PooledBytes.Rent();
        Writer = new CandidWriter(_bytes);
        Writer.WriteBytes(signature.Header);
    }

    /// <summary>Where values are written, in the order of the types.</summary>
    public CandidWriter Writer { get; }

    /// <summary>The message. Nothing may be written after it.</summary>
    public byte[] ToArray()
    {
        var message = _bytes.Written.ToArray();
        PooledBytes.Return(_bytes);
        return message;
    }
}
