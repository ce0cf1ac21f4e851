namespace Decent.Candid;

/// <summary>Bytes are not the Candid message that was asked for.</summary>
public sealed class CandidDecodeException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="offset">Position of the first byte that could not be used.</param>
    /// <param name="path">Where in the value, for example <c>arg[0].Ok.blocks[3].id</c>; may be empty.</param>
    public CandidDecodeException(string reason, int offset, string path = "")
        : base(path.Length == 0 ? $"{reason} (at byte {offset})" : $"{path}: {reason} (at byte {offset})")
    {
        Reason = reason;
        Offset = offset;
        Path = path;
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    /// <summary>Position of the first byte that could not be used.</summary>
    public int Offset { get; }

    /// <summary>Where in the value; empty when the fault is in the header.</summary>
    public string Path { get; }
}
