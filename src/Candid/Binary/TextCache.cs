using System.Text;

namespace Decent.Candid;

/// <summary>
/// Remembers short texts of a message: blocks of a ledger repeat the same few keys many thousand times.
/// </summary>
internal sealed class TextCache
{
    private const int Slots = 64;
    private const int MaxBytes = 16;

    private readonly string?[] _texts = new string?[Slots];

    internal string Read(ref CandidReader reader)
    {
        var mark = reader;
        var bytes = mark.ReadBlobSpan();
        if (bytes.Length is 0 or > MaxBytes)
        {
            return reader.ReadText();
        }

        var slot = ((bytes.Length * 31) + (bytes[0] * 7) + bytes[^1]) % Slots;
        if (_texts[slot] is { } known && Ascii.Equals(bytes, known))
        {
            reader = mark;
            return known;
        }

        var text = reader.ReadText();
        _texts[slot] = text;
        return text;
    }
}
