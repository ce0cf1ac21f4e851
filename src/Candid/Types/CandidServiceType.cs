using System.Text;

namespace Decent.Candid;

/// <summary><c>service { … }</c>. Methods are in the order of the UTF-8 bytes of their names, as on the wire.</summary>
public sealed class CandidServiceType : CandidType
{
    /// <summary>Makes a service type.</summary>
    /// <exception cref="ArgumentException">Two methods with one name.</exception>
    public CandidServiceType(IEnumerable<CandidMethod> methods)
    {
        var sorted = methods.ToArray();
        if (!IsSorted(sorted))
        {
            Array.Sort(sorted, static (a, b) => CompareUtf8(a.Name, b.Name));
        }

        for (var i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i].Name, sorted[i - 1].Name, StringComparison.Ordinal))
            {
                throw new ArgumentException($"method '{sorted[i].Name}' is there twice", nameof(methods));
            }
        }

        Methods = sorted;
    }

    /// <inheritdoc />
    public override CandidKind Kind => CandidKind.Service;

    /// <summary>Methods by name.</summary>
    public IReadOnlyList<CandidMethod> Methods { get; }

    /// <summary>The type of a method, or null.</summary>
    public CandidFuncType? Find(string name)
    {
        foreach (var method in Methods)
        {
            if (string.Equals(method.Name, name, StringComparison.Ordinal))
            {
                return method.Type.Head as CandidFuncType;
            }
        }

        return null;
    }

    private static bool IsSorted(CandidMethod[] methods)
    {
        for (var i = 1; i < methods.Length; i++)
        {
            if (CompareUtf8(methods[i - 1].Name, methods[i].Name) > 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Order of the UTF-8 bytes, which is not the order of UTF-16 code units.</summary>
    internal static int CompareUtf8(string a, string b)
    {
        byte[] left = Encoding.UTF8.GetBytes(a), right = Encoding.UTF8.GetBytes(b);
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            if (left[i] != right[i])
            {
                return left[i] - right[i];
            }
        }

        return left.Length - right.Length;
    }
}
