namespace Decent.Canister.Client;

/// <summary>The 2,048 English words of BIP-39.</summary>
internal static class Bip39English
{
    private static readonly Lazy<string[]> Words = new(Load);

    /// <summary>The index of a word in lower case; negative when it is not one of them.</summary>
    internal static int IndexOf(ReadOnlySpan<char> word)
    {
        var words = Words.Value;
        var low = 0;
        var high = words.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = words[middle].AsSpan().SequenceCompareTo(word);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private static string[] Load()
    {
        using var stream = typeof(Bip39English).Assembly.GetManifestResourceStream("bip39-english.txt")
            ?? throw new InvalidOperationException("The list of words is not part of the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
